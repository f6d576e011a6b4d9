import { type FSWatcher, watch } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { type LogChunk, type LogStore, OptimusError } from '@optimus/domain';
import { toLogPath } from './attempt-folder.ts';
import { findLastCut } from './log-cut.ts';
import { listLogs, removeLogs } from './old-logs.ts';

/** The logs that an executor on the same data directory has captured, whichever it is. */
export function createProcessLogStore({ dataDir }: { readonly dataDir: string }): LogStore {
  return {
    read: (attemptId, offset, maxBytes) =>
      readLog(toLogPath(dataDir, attemptId), { attemptId, offset, maxBytes }),
    readTail: (attemptId, maxBytes) => readTail(toLogPath(dataDir, attemptId), { attemptId, maxBytes }),
    waitForMore: (attemptId, offset, options) =>
      waitForGrowth(toLogPath(dataDir, attemptId), { offset, ...options }),
    list: () => listLogs(dataDir),
    remove: (attemptIds) => removeLogs(dataDir, attemptIds),
  };
}

interface ReadOptions {
  readonly attemptId: string;
  readonly offset: number;
  readonly maxBytes: number;
}

async function readLog(path: string, { attemptId, offset, maxBytes }: ReadOptions): Promise<LogChunk> {
  const file = await openLog(path, attemptId);
  try {
    const { size } = await file.stat();
    // Shorter than what was read of it, it was cut since, or is being written anew.
    const from = offset > size ? ((await findLastCut(file, size)) ?? offset) : offset;
    const buffer = Buffer.alloc(Math.max(0, Math.min(maxBytes, size - from)));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, from);
    return { data: buffer.subarray(0, bytesRead), nextOffset: from + bytesRead };
  } finally {
    await file.close();
  }
}

async function readTail(
  path: string,
  { attemptId, maxBytes }: Omit<ReadOptions, 'offset'>,
): Promise<Uint8Array> {
  const file = await openLog(path, attemptId);
  try {
    const { size } = await file.stat();
    const buffer = Buffer.alloc(Math.min(maxBytes, size));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, size - buffer.length);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

interface WaitOptions {
  readonly offset: number;
  readonly signal: AbortSignal;
  readonly maxWaitMs: number;
}

async function waitForGrowth(path: string, { offset, signal, maxWaitMs }: WaitOptions): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = async (): Promise<void> => {
    if ((await sizeOf(path)) > offset) resolve();
  };
  // Of an attempt that is just starting there is no log to watch: it is looked for when the wait is over.
  const watcher = watchIfPresent(path, () => void look());
  const timer = setTimeout(resolve, maxWaitMs);
  signal.addEventListener('abort', () => resolve(), { once: true });
  // What was written before the watch began is seen by this look.
  if (watcher) void look();
  if (signal.aborted) resolve();
  await promise;
  clearTimeout(timer);
  watcher?.close();
}

function watchIfPresent(path: string, listener: () => void): FSWatcher | undefined {
  try {
    return watch(path, { persistent: false }, listener);
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined;
    throw thrown;
  }
}

/** A log that was removed meanwhile has nothing more to wait for. */
async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

async function openLog(path: string, attemptId: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (thrown) {
    throw new OptimusError('LOG_NOT_FOUND', {
      message: `there is no log of attempt ${attemptId} on this server`,
      hint: 'the attempt has not started, it ran on another host, or its log was removed (retention.logs)',
      fields: { attempt: attemptId },
      cause: thrown,
    });
  }
}
