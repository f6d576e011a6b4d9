import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the repository's root. */
export const repositoryRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/**
 * Absolute path of a file of the repository.
 *
 * @param {...string} segments relative to the root
 */
export function inRepository(...segments) {
  return path.join(repositoryRoot, ...segments);
}

/** Folder for stamps, locks and reports; ignored by git. */
export const stateFolder = inRepository('.build');
