import type { FileHandle } from 'node:fs/promises';

/** How the line begins that tells where a log was cut. */
export const CUT_NOTE = '[optimus] the log is full at';

/** A task that writes more than this between two cuts is found again at the next one. */
const LONGEST_SEARCH_BYTES = 16 * 1024 * 1024;

/** Where a log goes on after its last cut, the line that tells of it included; undefined when it was not cut. */
export async function findLastCut(file: FileHandle, size: number): Promise<number | undefined> {
  const start = Math.max(0, size - LONGEST_SEARCH_BYTES);
  const buffer = Buffer.alloc(size - start);
  const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
  const index = buffer.subarray(0, bytesRead).lastIndexOf(`\n${CUT_NOTE}`);
  return index === -1 ? undefined : start + index;
}
