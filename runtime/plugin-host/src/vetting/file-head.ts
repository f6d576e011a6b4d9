import { closeSync, openSync, readSync } from 'node:fs';

const headBytes = 4096;

/** The first 4 KiB of a file. Throws the system's error when it cannot be read. */
export function readHead(file: string): Buffer {
  const head = Buffer.alloc(headBytes);
  const descriptor = openSync(file, 'r');
  try {
    return head.subarray(0, readSync(descriptor, head, 0, headBytes, 0));
  } finally {
    closeSync(descriptor);
  }
}
