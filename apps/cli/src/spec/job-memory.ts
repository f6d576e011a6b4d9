import { createHash } from 'node:crypto';
import path from 'node:path';
import { readRemembered, writeRemembered } from '../memory/remembered-lines.ts';
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
  readonly #before: ReadonlyMap<string, string>;
  readonly #after = new Map<string, string>();
  readonly #youngestMs = Date.now() - TIME_STEP_MS;
  #isChanged = false;

  constructor({ folder, rules }: JobMemoryOptions, jobPath: string) {
    const name = createHash('sha256').update(jobPath).digest('hex').slice(0, 32);
    this.#file = path.join(folder, name);
    this.#rules = rules;
    this.#root = jobPath;
    const { jobs, folders } = load(this.#file, rules);
    this.#before = jobs;
    this.folders = new RememberedFolders(jobPath, { before: folders, youngestMs: this.#youngestMs });
  }

  /** The job of a folder as it was read before, when its files are the same. */
  find(folder: string, stamp: JobStamp): RememberedJob | undefined {
    const key = folder.slice(this.#root.length);
    const text = this.#before.get(key);
    if (text === undefined || !text.startsWith(`${stamp.text}\t`)) return undefined;
    this.#after.set(key, text);
    const at = stamp.text.length + 1;
    const end = text.indexOf('\t', at);
    return { name: text.slice(at, end), contentHash: text.slice(end + 1) };
  }

  /** Remembers a good job. Files so young that a change after this would not show in their stamp are read again next time. */
  keep(folder: string, stamp: JobStamp, { name, contentHash }: RememberedJob): void {
    if (stamp.newestMs >= this.#youngestMs) return;
    const key = folder.slice(this.#root.length);
    // A line is a job: names of files that would break it are read again.
    if (/[\t\n]/.test(key + stamp.text)) return;
    this.#after.set(key, `${stamp.text}\t${name}\t${contentHash}`);
    this.#isChanged = true;
  }

  /** Writes down what was found and kept; jobs that were not asked for are forgotten. A disk that takes nothing is no error. */
  save(): void {
    if (!this.#isChanged && this.#after.size === this.#before.size && !this.folders.isChanged) return;
    const lines = [JSON.stringify(this.#rules)];
    for (const [key, text] of this.folders.texts) lines.push(`${FOLDER}${key}\t${text}`);
    for (const [key, text] of this.#after) lines.push(`${JOB}${key}\t${text}`);
    writeRemembered(this.#file, lines);
  }
}

/** The first character of a line says what it is about. */
const FOLDER = 'f';
const JOB = 'j';

function load(file: string, rules: string) {
  const jobs = new Map<string, string>();
  const folders = new Map<string, string>();
  const [head, ...lines] = readRemembered(file);
  if (head !== JSON.stringify(rules)) return { jobs, folders };
  for (const line of lines) {
    const end = line.indexOf('\t');
    (line.startsWith(JOB) ? jobs : folders).set(line.slice(1, end), line.slice(end + 1));
  }
  return { jobs, folders };
}
