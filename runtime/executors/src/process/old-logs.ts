import { opendir, stat, unlink } from 'node:fs/promises';
import { hasCode, toKeptPaths, toLogPath, toLogsPath } from './attempt-folder.ts';

const LOG = /^(?<attemptId>[\w-]{1,100})\.log$/;
/** Names read from the folder at once. */
const NAMES = 256;

/** Ids of the attempts that have a log; none before the first attempt. A folder of millions is never held in memory as a whole. */
export async function* listLogs(dataDir: string): AsyncIterable<string> {
  const folder = await ignoreAbsence(opendir(toLogsPath(dataDir), { bufferSize: NAMES }));
  if (folder === undefined) return;
  for await (const { name } of folder) {
    const attemptId = LOG.exec(name)?.groups?.['attemptId'];
    if (attemptId !== undefined) yield attemptId;
  }
}

/** Removes the logs, but for those of attempts that an executor still has. Answers how many there were. */
export async function removeLogs(dataDir: string, attemptIds: readonly string[]): Promise<number> {
  let removed = 0;
  // One after the other: removing is nobody's hurry, and the threads that do it are those that tasks are started with.
  for (const attemptId of attemptIds) if (await removeLog(dataDir, attemptId)) removed += 1;
  return removed;
}

async function removeLog(dataDir: string, attemptId: string): Promise<boolean> {
  for (const path of toKeptPaths(dataDir, attemptId))
    if ((await ignoreAbsence(stat(path))) !== undefined) return false;
  return (await ignoreAbsence(unlink(toLogPath(dataDir, attemptId)).then(() => true))) ?? false;
}

async function ignoreAbsence<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (thrown) {
    if (hasCode(thrown, 'ENOENT')) return undefined;
    throw thrown;
  }
}
