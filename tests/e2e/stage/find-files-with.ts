import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** The files below a folder that hold the text. */
export async function findFilesWith(folder: string, text: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const found: string[] = [];
  for (const file of files) {
    if ((await readFile(file)).includes(text)) found.push(file);
  }
  return found;
}
