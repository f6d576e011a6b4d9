import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';

/** One entry of an archive, before it is unpacked. */
export interface ArchiveEntry {
  /** As it stands in the archive; not to be trusted. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  /** Unpacked. */
  readonly sizeBytes: number;
}

/** Says where an entry goes, or undefined for one that is passed over. What it throws ends the reading. */
export type PickTarget = (entry: ArchiveEntry) => string | undefined;

/** A kind of archive. */
export interface ArchiveFormat {
  /** For messages: `tar.gz`. */
  readonly name: string;
  /** Whether a file that begins with these bytes is one. */
  recognizes(head: Buffer): boolean;
  /** Writes each entry that is picked to its target, which must not exist. */
  unpack(file: string, pick: PickTarget): Promise<void>;
}

/** A new file, for one entry. */
export function createTarget(file: string) {
  return createWriteStream(file, { flags: 'wx', mode: 0o600 });
}

const longestMagic = 4;

/** The first bytes of a file. */
export async function readHead(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(longestMagic), 0, longestMagic, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
