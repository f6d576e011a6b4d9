import { statfsSync, statSync } from 'node:fs';
import type { RememberedRows } from '../memory/remembered-rows.ts';
import { type FolderEntry, listFolder } from './folder-entry.ts';

/**
 * File systems of Linux that give a folder a new time whenever something comes to it or goes: ext, XFS, Btrfs, tmpfs, overlay, F2FS, ZFS.
 * On others, those of networks above all, folders are read every time.
 */
const TIMED_FILE_SYSTEMS = new Set([
  0xef53, 0x58465342, 0x9123683e, 0x01021994, 0x794c7630, 0xf2f52010, 0x2fc12fc1,
]);

/** What lies in folders, known by their times: a look at a folder costs less than reading it. */
export class RememberedFolders {
  readonly #root: string;
  readonly #device: number | undefined;
  readonly #youngestMs: number;
  readonly #rows: RememberedRows;
  /** Most folders of jobs hold the same names. */
  readonly #read = new Map<string, readonly FolderEntry[]>();

  /** @param youngestMs the time from which on a folder may change again unseen */
  constructor(root: string, rows: RememberedRows, youngestMs: number) {
    this.#root = root;
    this.#device = findTimedDevice(root);
    this.#youngestMs = youngestMs;
    this.#rows = rows;
  }

  /** What lies in a folder. @throws what the file system throws */
  readonly list = (folder: string): readonly FolderEntry[] => {
    if (this.#device === undefined) return listFolder(folder);
    const { dev, ino, mtimeMs, ctimeMs } = statSync(folder);
    if (dev !== this.#device) return listFolder(folder);
    const key = folder.slice(this.#root.length);
    const stamp = [ino, mtimeMs, ctimeMs];
    const row = this.#rows.find(key);
    if (row >= 0 && this.#rows.hasNumbers(row, stamp)) {
      this.#rows.retain(row);
      return this.#parse(this.#rows.getText(row, key));
    }
    const entries = listFolder(folder);
    if (Math.max(mtimeMs, ctimeMs) < this.#youngestMs) this.#rows.keep(key, toText(entries), stamp);
    return entries;
  };

  #parse(text: string): readonly FolderEntry[] {
    const known = this.#read.get(text);
    if (known) return known;
    const entries = text === '' ? [] : text.split('/').map(toEntry);
    this.#read.set(text, entries);
    return entries;
  }
}

function findTimedDevice(root: string): number | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    return TIMED_FILE_SYSTEMS.has(statfsSync(root).type) ? statSync(root).dev : undefined;
  } catch {
    return undefined;
  }
}

/** The kind of each entry and its name, between slashes, which no name has. */
function toText(entries: readonly FolderEntry[]): string {
  return entries.map((entry) => toKind(entry) + entry.name).join('/');
}

function toKind(entry: FolderEntry): string {
  if (entry.isDirectory()) return 'd';
  if (entry.isFile()) return 'f';
  return entry.isSymbolicLink() ? 'l' : 'o';
}

function toEntry(text: string): FolderEntry {
  const kind = text.charAt(0);
  return {
    name: text.slice(1),
    isDirectory: () => kind === 'd',
    isFile: () => kind === 'f',
    isSymbolicLink: () => kind === 'l',
  };
}
