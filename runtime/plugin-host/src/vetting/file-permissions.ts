import { type Stats, statSync } from 'node:fs';
import path from 'node:path';

/** Who besides us could put something else in place of a file. */
export interface ForeignWriter {
  readonly reason: string;
  readonly mend: string;
}

const stickyBit = 0o1000;

/**
 * Looks at the owner and mode of a file and the mode of every directory above it. Writable by our own primary group
 * is accepted, as systems that give each user a group of their own make every file so. Undefined on Windows, where
 * modes say nothing.
 */
export function findForeignWriter(file: string): ForeignWriter | undefined {
  if (process.platform === 'win32') return undefined;
  const stats = statSync(file);
  if (stats.uid !== 0 && stats.uid !== process.getuid?.()) {
    return { reason: `it belongs to user ${stats.uid}`, mend: `run: chown "$(id -u)" ${file}` };
  }
  return findWritable(file, stats) ?? findWritableParent(file);
}

function findWritableParent(file: string): ForeignWriter | undefined {
  const parent = path.dirname(file);
  if (parent === file) return undefined;
  const stats = statSync(parent);
  // In a sticky directory, as /tmp is one, nobody can replace what belongs to others.
  const writer = (stats.mode & stickyBit) === 0 ? findWritable(parent, stats) : undefined;
  return writer ?? findWritableParent(parent);
}

function findWritable(file: string, stats: Stats): ForeignWriter | undefined {
  const byAnyone = (stats.mode & 0o002) !== 0;
  const byGroup = (stats.mode & 0o020) !== 0 && stats.gid !== process.getgid?.() && stats.gid !== 0;
  if (!byAnyone && !byGroup) return undefined;
  const mode = (stats.mode & 0o7777).toString(8).padStart(4, '0');
  return { reason: `${file} has mode ${mode}`, mend: `run: chmod go-w ${file}` };
}
