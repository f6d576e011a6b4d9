import { readdirSync } from 'node:fs';

/** What a folder says of a thing in it, without a look at the thing itself. */
export interface FolderEntry {
  readonly name: string;
  isDirectory(): boolean;
  isFile(): boolean;
  isSymbolicLink(): boolean;
}

/** What lies in an absolute folder. @throws what the file system throws */
export type ListFolder = (folder: string) => readonly FolderEntry[];

/** Asks the file system. */
export const listFolder: ListFolder = (folder) => readdirSync(folder, { withFileTypes: true });
