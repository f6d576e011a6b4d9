import { createHash } from 'node:crypto';
import path from 'node:path';
import { readRemembered, writeRemembered } from '../memory/remembered-file.ts';
import { RememberedRows, type StoredRows } from '../memory/remembered-rows.ts';
import type { JobStamp } from './job-stamp.ts';
import { RememberedFolders } from './remembered-folders.ts';

/** Where what was read is remembered, and what it holds for. */
export interface JobMemoryOptions {
  /** Absolute; made when it is not there. Losing it loses time and nothing else. */
  readonly folder: string;
  /** Everything besides a job's own files and what it inherits that its reading rests on: the program, the presets. */
  readonly rules: string;
}

/** What is worth remembering of a good job. */
export interface RememberedJob {
  readonly name: string;
  /** The hash that the server computes of it. */
  readonly contentHash: string;
}

/** Some file systems count time in steps of two seconds: what was changed within the last one may change again unseen. */
const TIME_STEP_MS = 2_000;

/**
 * The good jobs of one folder of specifications, by the stamps of their files. One file, replaced as a whole: of two commands that
 * write at once one wins, and both are right. A file that is damaged, or of another program, counts as none.
 */
export class JobMemory {
  /** The folders of the specifications. */
  readonly folders: RememberedFolders;
  readonly #file: string;
  readonly #rules: string;
  readonly #root: string;
  readonly #jobs: RememberedRows;
  readonly #folders: RememberedRows;
  readonly #youngestMs = Date.now() - TIME_STEP_MS;

  constructor({ folder, rules }: JobMemoryOptions, jobPath: string) {
    const name = createHash('sha256').update(jobPath).digest('hex').slice(0, 32);
    this.#file = path.join(folder, name);
    this.#rules = JSON.stringify(rules);
    this.#root = jobPath;
    const { jobs, folders } = load(this.#file, this.#rules);
    this.#jobs = new RememberedRows(jobs);
    this.#folders = new RememberedRows(folders);
    this.folders = new RememberedFolders(jobPath, this.#folders, this.#youngestMs);
  }

  /** The job of a folder as it was read before, when its files are the same. */
  find(folder: string, stamp: JobStamp): RememberedJob | undefined {
    const key = folder.slice(this.#root.length);
    const row = this.#jobs.find(key);
    if (row < 0 || !this.#jobs.hasNumbers(row, stamp.numbers)) return undefined;
    const text = this.#jobs.getText(row, key);
    if (!text.startsWith(stamp.text) || !text.startsWith('\t', stamp.text.length)) return undefined;
    this.#jobs.retain(row);
    const at = stamp.text.length + 1;
    const end = text.indexOf('\t', at);
    return { name: text.slice(at, end), contentHash: text.slice(end + 1) };
  }

  /** Remembers a good job. Files so young that a change after this would not show in their stamp are read again next time. */
  keep(folder: string, { text, numbers, newestMs }: JobStamp, { name, contentHash }: RememberedJob): void {
    // Names of files that would be taken for what follows them are read again, too.
    if (newestMs >= this.#youngestMs || text.includes('\t')) return;
    this.#jobs.keep(folder.slice(this.#root.length), `${text}\t${name}\t${contentHash}`, numbers);
  }

  /** Writes down what was found and kept; jobs that were not asked for are forgotten. A disk that takes nothing is no error. */
  save(): void {
    if (!this.#jobs.isChanged && !this.#folders.isChanged) return;
    const [folders, jobs] = [this.#folders.toStored(), this.#jobs.toStored()];
    const { length } = folders.lines;
    writeRemembered(this.#file, {
      lines: [this.#rules, ...folders.lines, ...jobs.lines],
      numbers: [length, folders.numbers.length, ...Array.from(folders.numbers), ...Array.from(jobs.numbers)],
    });
  }
}

const NO_ROWS: StoredRows = { lines: [], numbers: [] };

/** The folders come first; how many they are, and how many numbers they have, are the first numbers. */
function load(file: string, rules: string): { readonly jobs: StoredRows; readonly folders: StoredRows } {
  const { lines, numbers } = readRemembered(file);
  if (lines[0] !== rules) return { jobs: NO_ROWS, folders: NO_ROWS };
  const [rows = 0, count = 0] = [numbers[0], numbers[1]];
  const all = Float64Array.from(numbers);
  return {
    folders: { lines: lines.slice(1, 1 + rows), numbers: all.subarray(2, 2 + count) },
    jobs: { lines: lines.slice(1 + rows), numbers: all.subarray(2 + count) },
  };
}
