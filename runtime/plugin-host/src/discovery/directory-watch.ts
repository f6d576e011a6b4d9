import { existsSync, type FSWatcher, watch } from 'node:fs';
import path from 'node:path';
import { type Log, toErrorMessage } from '@optimus/domain';

/** Files are copied in pieces: what is new is looked at once nothing has changed for this long. */
const quietMs = 300;

export interface DirectoryWatchOptions {
  readonly onChange: () => void;
  readonly log: Log;
}

/**
 * Tells when plugin files come, go or change in directories, without asking again and again. Of a directory that is
 * not there yet the nearest one above it is watched.
 */
export class DirectoryWatch {
  readonly #directories: ReadonlyArray<string>;
  readonly #onChange: () => void;
  readonly #log: Log;
  readonly #watchers = new Map<string, FSWatcher>();
  #timer: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(directories: ReadonlyArray<string>, options: DirectoryWatchOptions) {
    this.#directories = directories;
    this.#onChange = options.onChange;
    this.#log = options.log;
    this.#watchAll();
  }

  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #watchAll(): void {
    const wanted = new Set(this.#directories.map(findExisting));
    for (const [directory, watcher] of this.#watchers) {
      if (wanted.has(directory)) continue;
      watcher.close();
      this.#watchers.delete(directory);
    }
    for (const directory of wanted) this.#watch(directory);
  }

  #watch(directory: string): void {
    if (this.#watchers.has(directory)) return;
    try {
      const watcher = watch(directory, { persistent: false }, (_, name) => this.#note(directory, name));
      watcher.on('error', () => this.#forget(directory));
      this.#watchers.set(directory, watcher);
    } catch (error) {
      this.#log.warn('a plugin folder is not watched; after a change, restart the server', {
        directory,
        reason: toErrorMessage(error),
      });
    }
  }

  #forget(directory: string): void {
    this.#watchers.get(directory)?.close();
    this.#watchers.delete(directory);
    this.#schedule();
  }

  #note(directory: string, name: string | null): void {
    // The directory itself is gone, and what may be there in its place is another one.
    if (name === path.basename(directory)) return this.#forget(directory);
    const isOurs = name === null || name.startsWith('optimus-') || this.#leadsToWanted(directory, name);
    if (isOurs) this.#schedule();
  }

  /** The entry is one of the directories, or on the way to one. */
  #leadsToWanted(directory: string, name: string): boolean {
    const entry = path.join(directory, name);
    return this.#directories.some((wanted) => wanted === entry || wanted.startsWith(entry + path.sep));
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#ended) return;
      this.#watchAll();
      this.#onChange();
    }, quietMs);
    this.#timer.unref();
  }
}

function findExisting(directory: string): string {
  const above = path.dirname(directory);
  return existsSync(directory) || above === directory ? directory : findExisting(above);
}
