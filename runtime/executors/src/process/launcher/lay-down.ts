import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What an attempt finds on disk. */
export interface LaidDown {
  readonly folder: {
    readonly path: string;
    readonly jobDir: string;
    readonly logPath: string;
  };
  /** Path under `$JOB_DIR/in` → content. */
  readonly files: Readonly<Record<string, Uint8Array>>;
}

/**
 * Makes the folder of an attempt, its log, and the files of its task; false when the attempt has a folder or had one. Step by step and
 * without giving way: these are a dozen small things, and each would wait in line for a thread. @throws what the file system throws
 */
export function layDown({ folder, files }: LaidDown): boolean {
  const { path, jobDir, logPath } = folder;
  if (!isMade(() => mkdirSync(path, { mode: 0o700 }))) return false;
  if (!isMade(() => writeFileSync(logPath, '', { mode: 0o600, flag: 'wx' }))) return false;
  const root = join(jobDir, 'in');
  const folders = new Set([root, ...Object.keys(files).map((name) => dirname(join(root, name)))]);
  for (const one of folders) mkdirSync(one, { recursive: true, mode: 0o700 });
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(root, name), bytes, { mode: 0o600 });
  return true;
}

function isMade(make: () => void): boolean {
  try {
    make();
    return true;
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST') return false;
    throw thrown;
  }
}
