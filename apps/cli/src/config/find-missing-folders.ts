import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { findNearestName } from '@optimus/domain';
import { type FileProblem, locateProblems } from '@optimus/spec';
import type { ClientConfig, NamespaceConfig } from './client-config.ts';

/** A namespace whose folder of jobs is not there. */
export interface MissingFolder {
  readonly namespace: string;
  /** Says so, at the place where the configuration names the folder. */
  readonly problem: FileProblem;
}

/**
 * The namespaces without a folder of jobs. Git keeps no empty folders, so one may be missing by right; but a misspelt path looks the same,
 * and would have every job of the namespace deleted.
 */
export function findMissingFolders(
  { file, namespaces }: Pick<ClientConfig, 'file' | 'namespaces'>,
  chosen: readonly NamespaceConfig[],
  cwd: string,
): readonly MissingFolder[] {
  const missing = chosen.filter(({ jobPath }) => !existsSync(jobPath));
  if (missing.length === 0) return [];
  const source = { file: path.relative(cwd, file), text: readFileSync(file, 'utf8') };
  return missing.flatMap((namespace) => {
    const place = ['namespaces', namespaces.indexOf(namespace), 'job', 'path'];
    const message = `job.path: ${toMessage(namespace, path.dirname(file))}`;
    const problems = locateProblems([source], [{ path: place, message }]);
    return problems.map((problem) => ({ namespace: namespace.name, problem }));
  });
}

function toMessage({ name, jobPath }: NamespaceConfig, base: string): string {
  const nearest = findNearestFolder(jobPath);
  const suggestion = nearest === undefined ? '' : `, did you mean "${path.relative(base, nearest)}"?`;
  return `the folder "${path.relative(base, jobPath)}" of namespace "${name}" does not exist${suggestion}`;
}

/** The folder that is there under the name most like that of the part which is missing; the parts after it have to be there as well. */
function findNearestFolder(folder: string): string | undefined {
  const parent = path.dirname(folder);
  if (parent === folder) return undefined;
  if (!existsSync(parent)) {
    const nearest = findNearestFolder(parent);
    const found = nearest && path.join(nearest, path.basename(folder));
    return found && existsSync(found) ? found : undefined;
  }
  const name = findNearestName(path.basename(folder), listFolders(parent));
  return name && path.join(parent, name);
}

function listFolders(folder: string): readonly string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch {
    return [];
  }
}
