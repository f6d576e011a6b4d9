import { crc32, gzipSync } from 'node:zlib';
import { Header } from 'tar';

/** An entry as an archive states it, honest or not. */
export interface CraftedEntry {
  readonly path: string;
  readonly text?: string;
  readonly linkTo?: string;
  /** What the archive says of the size, when that is not true. */
  readonly claimedBytes?: number;
}

/** A `.tar.gz` with the entries as they are, which no program that makes archives would write. */
export function craftTarGz(entries: readonly CraftedEntry[]): Buffer {
  const end = Buffer.alloc(1024);
  return gzipSync(Buffer.concat([...entries.flatMap(toTarBlocks), end]));
}

function toTarBlocks({ path, text = '', linkTo, claimedBytes }: CraftedEntry): Buffer[] {
  const content = Buffer.from(text);
  const head = Buffer.alloc(512);
  const header = new Header({
    path,
    mode: 0o755,
    size: claimedBytes ?? content.byteLength,
    type: linkTo === undefined ? 'File' : 'SymbolicLink',
    ...(linkTo !== undefined && { linkpath: linkTo }),
  });
  header.encode(head, 0);
  const padding = Buffer.alloc((512 - (content.byteLength % 512)) % 512);
  return [head, content, padding];
}

/** A `.zip` with the entries as they are, none of them compressed but those whose size is a claim. */
export function craftZip(entries: readonly CraftedEntry[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const file = toZipFile(entry);
    directory.push(toZipDirectoryEntry(entry, offset));
    files.push(file);
    offset += file.byteLength;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(listed.byteLength, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, listed, end]);
}

function readContent({ text = '', linkTo }: CraftedEntry): Buffer {
  return Buffer.from(linkTo ?? text);
}

/** What both of an entry's headers hold, from the version that is needed to the length of the name. */
function toZipFields(entry: CraftedEntry): Buffer {
  const content = readContent(entry);
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  // Of what is stored as it is, a reader knows the size.
  fields.writeUInt16LE(entry.claimedBytes === undefined ? 0 : 8, 4);
  fields.writeUInt32LE(crc32(content), 10);
  fields.writeUInt32LE(content.byteLength, 14);
  fields.writeUInt32LE(entry.claimedBytes ?? content.byteLength, 18);
  fields.writeUInt16LE(Buffer.byteLength(entry.path), 22);
  return fields;
}

function toZipFile(entry: CraftedEntry): Buffer {
  const signature = Buffer.from([0x50, 0x4b, 0x03, 0x04]);
  return Buffer.concat([signature, toZipFields(entry), Buffer.from(entry.path), readContent(entry)]);
}

function toZipDirectoryEntry(entry: CraftedEntry, offset: number): Buffer {
  const signature = Buffer.from([0x50, 0x4b, 0x01, 0x02, 20, 3]);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(((entry.linkTo === undefined ? 0o100755 : 0o120777) << 16) >>> 0, 6);
  rest.writeUInt32LE(offset, 10);
  return Buffer.concat([signature, toZipFields(entry), rest, Buffer.from(entry.path)]);
}
