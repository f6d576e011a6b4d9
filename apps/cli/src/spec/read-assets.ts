import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { ASSETS_FOLDER_NAME } from './find-job-folders.ts';

/** The assets of a job, and the files among them that are not text. */
export interface ReadAssets {
  /** Path relative to the `assets` folder, with `/` between its parts, to its text. */
  readonly assets: Readonly<Record<string, string>>;
  /** Absolute paths. */
  readonly notText: readonly string[];
}

/** Reads every file under a job's `assets` folder, nested ones included; a job without the folder has none. */
export async function readAssets(jobFolder: string): Promise<ReadAssets> {
  const folder = path.join(jobFolder, ASSETS_FOLDER_NAME);
  const files = await listFiles(folder);
  const texts = await Promise.all(files.map(async (file) => ({ file, text: decode(await readFile(file)) })));
  const assets = texts.flatMap(({ file, text }) =>
    text === undefined ? [] : [[path.relative(folder, file).replaceAll(path.sep, '/'), text] as const],
  );
  return {
    assets: Object.fromEntries(assets),
    notText: texts.filter(({ text }) => text === undefined).map(({ file }) => file),
  };
}

async function listFiles(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true, recursive: true });
    const files = entries.filter((entry) => entry.isFile() || entry.isSymbolicLink());
    return files.map((entry) => path.join(entry.parentPath, entry.name)).toSorted();
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return [];
    throw thrown;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decode(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}
