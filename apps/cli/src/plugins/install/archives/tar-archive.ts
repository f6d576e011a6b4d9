import { createReadStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { Parser, type ReadEntry } from 'tar';
import { type ArchiveEntry, type ArchiveFormat, createTarget, type PickTarget } from '../archive.ts';

/** `.tar.gz`, `.tgz`. */
export const tarArchive: ArchiveFormat = {
  name: 'tar.gz',
  recognizes: (head) => head[0] === 0x1f && head[1] === 0x8b,
  unpack,
};

async function unpack(file: string, pick: PickTarget): Promise<void> {
  const input = createReadStream(file);
  try {
    await new Promise<void>((resolve, reject) => {
      const written: Promise<void>[] = [];
      const parser = new Parser({ strict: true });
      parser.on('entry', (entry: ReadEntry) => {
        const taken = takeEntry(entry, pick);
        taken.catch(reject);
        written.push(taken);
      });
      parser.on('end', () => resolve(Promise.all(written).then(() => undefined)));
      parser.on('error', reject);
      input.on('error', reject);
      input.pipe(parser);
    });
  } finally {
    input.destroy();
  }
}

/** Piped at once, not a turn later: by then the parser may have gone on. */
async function takeEntry(entry: ReadEntry, pick: PickTarget): Promise<void> {
  const target = pick(toArchiveEntry(entry));
  if (target === undefined) entry.resume();
  else await finished(entry.pipe(createTarget(target)));
}

const kinds: Readonly<Record<string, ArchiveEntry['kind']>> = {
  File: 'file',
  OldFile: 'file',
  ContiguousFile: 'file',
  Directory: 'folder',
  Link: 'link',
  SymbolicLink: 'link',
};

function toArchiveEntry({ path, type, size }: ReadEntry): ArchiveEntry {
  return { path, kind: kinds[type] ?? 'other', sizeBytes: size };
}
