import path from 'node:path';
import { OptimusError, toErrorMessage } from '@optimus/domain';
import { parseDescriptionFileName, parsePluginFileName, thisPlatform } from '@optimus/plugin-host';
import { type ArchiveEntry, type ArchiveFormat, readHead } from './archive.ts';
import { tarArchive } from './archives/tar-archive.ts';
import { zipArchive } from './archives/zip-archive.ts';

const formats: readonly ArchiveFormat[] = [tarArchive, zipArchive];

/** How much an archive may hold, so that a small one cannot fill the disk. */
export interface ArchiveLimits {
  readonly maxEntries: number;
  /** Of all entries together, unpacked. */
  readonly maxBytes: number;
}

export const defaultArchiveLimits: ArchiveLimits = { maxEntries: 10_000, maxBytes: 1024 * 1024 * 1024 };

/** The archive that a file is by its first bytes; undefined for any other file. */
export async function findArchiveFormat(file: string): Promise<ArchiveFormat | undefined> {
  const head = await readHead(file);
  return formats.find((format) => format.recognizes(head));
}

/**
 * Takes the plugins for this machine out of an archive, wherever in it they lie: programs and the YAML files that describe
 * plugins. Everything else stays where it is. Answers the paths of the files, within `folder`.
 * @throws OptimusError `PLUGIN_SOURCE_INVALID`
 */
export async function unpackPlugins(
  archive: { readonly file: string; readonly format: ArchiveFormat; readonly shownAs: string },
  folder: string,
  limits: ArchiveLimits = defaultArchiveLimits,
): Promise<readonly string[]> {
  const picker = new EntryPicker(archive.shownAs, folder, limits);
  try {
    await archive.format.unpack(archive.file, (entry) => picker.pick(entry));
  } catch (cause) {
    if (cause instanceof OptimusError) throw cause;
    throw createArchiveError(archive.shownAs, `is a broken ${archive.format.name}: ${toErrorMessage(cause)}`);
  }
  return picker.getPicked();
}

class EntryPicker {
  readonly #shownAs: string;
  readonly #folder: string;
  readonly #limits: ArchiveLimits;
  readonly #picked = new Map<string, string>();
  readonly #foreign: string[] = [];
  #entries = 0;
  #bytes = 0;

  constructor(shownAs: string, folder: string, limits: ArchiveLimits) {
    this.#shownAs = shownAs;
    this.#folder = folder;
    this.#limits = limits;
  }

  pick(entry: ArchiveEntry): string | undefined {
    this.#assertWithinLimits(entry);
    this.#assertPlainPath(entry);
    const name = path.posix.basename(entry.path);
    if (entry.kind === 'folder' || !this.#isWanted(name)) return undefined;
    if (entry.kind !== 'file') throw this.#refuse(`holds "${entry.path}" as a link; plugins are plain files`);
    if (this.#picked.has(name)) throw this.#refuse(`holds "${name}" twice`);
    const target = path.join(this.#folder, name);
    this.#picked.set(name, target);
    return target;
  }

  /** @throws OptimusError when there is no plugin for this machine */
  getPicked(): readonly string[] {
    if (this.#picked.size > 0) return [...this.#picked.values()];
    const { os, arch } = thisPlatform;
    const found = this.#foreign.length === 0 ? 'no plugin at all' : this.#foreign.join(', ');
    throw this.#refuse(
      `holds no plugin for ${os}/${arch}, but ${found}`,
      `take the archive for this machine; a program in it is called optimus-<name>_<version>_${os}_${arch}`,
    );
  }

  #isWanted(name: string): boolean {
    if (parsePluginFileName(name, thisPlatform) !== undefined) return true;
    if (parseDescriptionFileName(name) !== undefined) return true;
    if (name.startsWith('optimus-')) this.#foreign.push(name);
    return false;
  }

  #assertWithinLimits({ sizeBytes }: ArchiveEntry): void {
    this.#entries += 1;
    this.#bytes += sizeBytes;
    const { maxEntries, maxBytes } = this.#limits;
    if (this.#entries > maxEntries) throw this.#refuse(`holds more than ${maxEntries} entries`);
    if (this.#bytes > maxBytes) throw this.#refuse(`unpacks to more than ${maxBytes / 1024 / 1024} MiB`);
  }

  /** Nothing is ever written where an entry says, but an archive that tries to is not one to trust. */
  #assertPlainPath({ path: inside }: ArchiveEntry): void {
    const parts = inside.split(/[/\\]/);
    const isPlain = !parts.includes('..') && parts[0] !== '' && !/^[a-z]:/i.test(inside);
    if (!isPlain) throw this.#refuse(`holds "${inside}", which leads out of the folder it is unpacked in`);
  }

  #refuse(problem: string, hint?: string): OptimusError {
    return createArchiveError(this.#shownAs, problem, hint);
  }
}

function createArchiveError(shownAs: string, problem: string, hint?: string): OptimusError {
  return new OptimusError('PLUGIN_SOURCE_INVALID', {
    message: `${shownAs} ${problem}; nothing was installed`,
    ...(hint === undefined ? {} : { hint }),
    fields: { source: shownAs },
  });
}
