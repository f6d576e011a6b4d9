import { pipeline } from 'node:stream/promises';
import yauzl from 'yauzl';
import { type ArchiveEntry, type ArchiveFormat, createTarget, type PickTarget } from '../archive.ts';

/** `.zip`. */
export const zipArchive: ArchiveFormat = {
  name: 'zip',
  recognizes: (head) => head.toString('latin1') === 'PK\x03\x04',
  unpack,
};

async function unpack(file: string, pick: PickTarget): Promise<void> {
  // Undecoded names are left to the caller's own rules; sizes are held to what the directory announces.
  const zip = await yauzl.openPromise(file, { validateEntrySizes: true });
  try {
    for await (const entry of zip.eachEntry()) {
      const target = pick(toArchiveEntry(entry));
      if (target !== undefined) await pipeline(await zip.openReadStreamPromise(entry), createTarget(target));
    }
  } finally {
    zip.close();
  }
}

const fileTypeMask = 0o170000;
const symbolicLink = 0o120000;

function toArchiveEntry(entry: yauzl.Entry): ArchiveEntry {
  const mode = entry.externalFileAttributes >>> 16;
  return { path: entry.fileName, kind: toKind(entry.fileName, mode), sizeBytes: entry.uncompressedSize };
}

function toKind(name: string, mode: number): ArchiveEntry['kind'] {
  if ((mode & fileTypeMask) === symbolicLink) return 'link';
  return name.endsWith('/') ? 'folder' : 'file';
}
