import type { JobUpsert, SharedDestination } from '../ports/job-store.ts';
import type { JobWarning } from './job-warning.ts';

/** Each shared destination, told of the first changed job that writes it. Pure. */
export function warnOfSharedDestinations(
  shared: readonly SharedDestination[],
  upserts: readonly Pick<JobUpsert, 'spec' | 'resources'>[],
): readonly JobWarning[] {
  const byUrn = Map.groupBy(upserts, ({ resources }) => resources.destination);
  return shared.flatMap(({ urn, writers, count }) => {
    const [first] = byUrn.get(urn) ?? [];
    if (!first) return [];
    const names = [...writers, ...(count > writers.length ? [`${count - writers.length} more`] : [])];
    const message = `${names.join(' and ')} write ${urn}: who reads it waits for one of them alone`;
    return [{ name: first.spec.name, path: 'task.name', message }];
  });
}
