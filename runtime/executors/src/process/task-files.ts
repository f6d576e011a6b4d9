import { findAssetNameProblem, OptimusError, toAssetBytes } from '@optimus/domain';

/** The files of a task as they lie on disk. @throws OptimusError `EXECUTOR_FAILED` when one would lie outside its folder */
export function toTaskFiles(files: Readonly<Record<string, string>>): Readonly<Record<string, Uint8Array>> {
  const entries = Object.entries(files);
  for (const [name] of entries) assertRelative(name);
  return Object.fromEntries(entries.map(([name, text]) => [name, toAssetBytes(text)]));
}

/** `.env` and `.secret` are the executor's to lay down, unlike an asset of that name. */
function assertRelative(name: string): void {
  const problem = name === '.env' || name === '.secret' ? undefined : findAssetNameProblem(name);
  if (problem === undefined) return;
  throw new OptimusError('EXECUTOR_FAILED', { message: `file name ${JSON.stringify(name)} ${problem}` });
}
