import { readHead } from './file-head.ts';

const marker = /^(?:\/\/|#) optimus: self-contained\r?$/m;

/**
 * Whether a program is no more than its file, so that it says the same of itself as long as the file is the same. Of a
 * script only its author knows, and tells with the line `// optimus: self-contained` (or `#`) in the first 4 KiB: most run
 * files beside them.
 */
export function isSelfContained(file: string): boolean {
  const head = readHead(file);
  const isScript = head.subarray(0, 2).toString('latin1') === '#!';
  return !isScript || marker.test(head.toString('latin1'));
}
