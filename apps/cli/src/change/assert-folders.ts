import { createFilesError } from '@optimus/spec';
import type { MissingFolder } from '../config/find-missing-folders.ts';
import type { Comparison } from './compare-jobs.ts';

/** A folder that is not there is no reason to delete jobs. @throws OptimusError `CONFIG_INVALID` with each such folder and what would go */
export function assertFolders(
  missing: readonly MissingFolder[],
  { deletions }: Pick<Comparison, 'deletions'>,
): void {
  const counts = Map.groupBy(deletions, ({ namespace }) => namespace);
  const problems = missing.flatMap(({ namespace, problem }) => {
    const count = counts.get(namespace)?.length ?? 0;
    if (count === 0) return [];
    const loss = count === 1 ? 'its job would be deleted' : `its ${count} jobs would be deleted`;
    const separator = problem.message.endsWith('?') ? ' ' : '; ';
    const mend = 'create the folder when that is what you want';
    return [{ ...problem, message: `${problem.message}${separator}${loss}; ${mend}` }];
  });
  if (problems.length > 0) throw createFilesError('CONFIG_INVALID', problems);
}
