import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { JobStamp } from './job-stamp.ts';

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

const contents = z.object({
  rules: z.string(),
  jobs: z.record(z.string(), z.tuple([z.string(), z.string(), z.string()])),
});

type Entry = z.output<typeof contents>['jobs'][string];

/** Some file systems count time in steps of two seconds: what was changed within the last one may change again unseen. */
const TIME_STEP_MS = 2_000;

/**
 * The good jobs of one folder of specifications, by the stamps of their files. One file, replaced as a whole: of two commands that
 * write at once one wins, and both are right. A file that is damaged, or of another program, counts as none.
 */
export class JobMemory {
  readonly #file: string;
  readonly #rules: string;
  readonly #before: ReadonlyMap<string, Entry>;
  readonly #after = new Map<string, Entry>();
  readonly #youngestMs = Date.now() - TIME_STEP_MS;
  #isChanged = false;

  constructor({ folder, rules }: JobMemoryOptions, jobPath: string) {
    const name = createHash('sha256').update(jobPath).digest('hex').slice(0, 32);
    this.#file = path.join(folder, name);
    this.#rules = rules;
    this.#before = load(this.#file, rules);
  }

  /** The job of a folder as it was read before, when its files are the same. */
  find(folder: string, stamp: JobStamp): RememberedJob | undefined {
    const entry = this.#before.get(folder);
    if (entry === undefined || entry[0] !== stamp.text) return undefined;
    this.#after.set(folder, entry);
    return { name: entry[1], contentHash: entry[2] };
  }

  /** Remembers a good job. Files so young that a change after this would not show in their stamp are read again next time. */
  keep(folder: string, stamp: JobStamp, { name, contentHash }: RememberedJob): void {
    if (stamp.newestMs >= this.#youngestMs) return;
    this.#after.set(folder, [stamp.text, name, contentHash]);
    this.#isChanged = true;
  }

  /** Writes down what was found and kept; jobs that were not asked for are forgotten. A disk that takes nothing is no error. */
  save(): void {
    if (!this.#isChanged && this.#after.size === this.#before.size) return;
    const body = JSON.stringify({ rules: this.#rules, jobs: Object.fromEntries(this.#after) });
    try {
      mkdirSync(path.dirname(this.#file), { recursive: true, mode: 0o700 });
      replaceFile(this.#file, `${toChecksum(body)}\n${body}`);
    } catch {
      // The next command reads what this one read.
    }
  }
}

function replaceFile(file: string, text: string): void {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    writeFileSync(draft, text, { mode: 0o600 });
    renameSync(draft, file);
  } catch (thrown) {
    rmSync(draft, { force: true });
    throw thrown;
  }
}

function load(file: string, rules: string): ReadonlyMap<string, Entry> {
  try {
    const text = readFileSync(file, 'utf8');
    const end = text.indexOf('\n');
    const body = text.slice(end + 1);
    if (text.slice(0, end) !== toChecksum(body)) return new Map();
    const parsed = contents.parse(JSON.parse(body));
    return parsed.rules === rules ? new Map(Object.entries(parsed.jobs)) : new Map();
  } catch {
    return new Map();
  }
}

function toChecksum(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}
