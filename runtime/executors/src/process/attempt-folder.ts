import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type AttemptOutcome, invariant } from '@optimus/domain';
import { AttemptCgroups } from './cgroup/attempt-cgroups.ts';
import { type ProcessIdentity, parseStartInStat } from './process-identity.ts';

/** What the file `supervisor` says: who watches the task, that nobody ever will, or nothing yet. */
export type SupervisorRecord =
  | { readonly kind: 'started'; readonly identity: ProcessIdentity }
  | { readonly kind: 'abandoned' }
  | { readonly kind: 'unfinished' };

const ATTEMPT_ID = /^[\w-]{1,100}$/;
const ABANDONED = 'abandoned\nend\n';
const OUTCOME_END = '\nend\n';
const SUPERVISOR_START_MS = 2000;
const OUTCOME_LOOK_MS = 5;

/**
 * The folder of one live attempt, `<dataDir>/attempts/<attemptId>`:
 *
 * ```text
 * job/in/…     what the task finds under $JOB_DIR, 0600
 * cgroup       folders of the cgroups that it runs in, one a line; only when it has limits
 * supervisor   pid, start and boot of the supervisor; created once, by it or by a server that gives the attempt up
 * canceled     somebody asked the attempt to end
 * code         exit code of the task while the filter still reads its output
 * exit         exit code of the task, as a shell counts it
 * ```
 *
 * `code` and `exit` count when their last line is `end`. The log lies outside, in `<dataDir>/logs/<attemptId>.log`: it stays when the
 * folder goes.
 */
export class AttemptFolder {
  readonly path: string;
  readonly jobDir: string;
  readonly logPath: string;

  constructor(dataDir: string, attemptId: string) {
    this.path = join(toAttemptsPath(dataDir), toFileName(attemptId));
    this.jobDir = join(this.path, 'job');
    this.logPath = toLogPath(dataDir, attemptId);
  }

  /** Who watches the task. Undefined when there is no such folder. */
  async readSupervisor(): Promise<SupervisorRecord | undefined> {
    const text = await readIfPresent(join(this.path, 'supervisor'));
    return text === undefined ? undefined : parseSupervisor(text);
  }

  /**
   * Gives the attempt up unless a supervisor was first, and says who won. Undefined when there is no such folder. From here on
   * a supervisor that starts late finds that it must not.
   */
  async claimOrReadSupervisor(): Promise<SupervisorRecord | undefined> {
    try {
      await writeFile(join(this.path, 'supervisor'), ABANDONED, { mode: 0o600, flag: 'wx' });
      return { kind: 'abandoned' };
    } catch (thrown) {
      if (hasCode(thrown, 'ENOENT')) return undefined;
      if (!hasCode(thrown, 'EEXIST')) throw thrown;
      return this.readSupervisor();
    }
  }

  /** Who watches the attempt, given up here when nobody does. A record that is being written is waited for. */
  async findSupervisor(): Promise<SupervisorRecord | undefined> {
    let record = await this.claimOrReadSupervisor();
    const deadline = Date.now() + SUPERVISOR_START_MS;
    while (record?.kind === 'unfinished' && Date.now() < deadline) {
      await delay(10);
      record = await this.readSupervisor();
    }
    return record;
  }

  async markCanceled(): Promise<void> {
    await writeFile(join(this.path, 'canceled'), '', { mode: 0o600 });
  }

  async isCanceled(): Promise<boolean> {
    return (await readIfPresent(join(this.path, 'canceled'))) !== undefined;
  }

  /** How the task ended; undefined while it has not. */
  async readOutcome(): Promise<AttemptOutcome | undefined> {
    return this.#explain(parseOutcome(await readIfPresent(join(this.path, 'exit'))));
  }

  /** When the task ended, by the clock of this host; undefined when nothing says so. A file that is renamed keeps its time. */
  async findEnd(): Promise<Date | undefined> {
    const paths = ['exit', 'code'].map((name) => join(this.path, name));
    const found = await Promise.all(paths.map((path) => stat(path).catch(() => undefined)));
    return found.find((one) => one !== undefined)?.mtime;
  }

  /** Whether the kernel has ended a process of the attempt because that needed more memory than its limit. */
  async wasOutOfMemory(): Promise<boolean> {
    return (await this.#readCgroups()).haveKilledForMemory();
  }

  /**
   * How the task ended when its supervisor has: the log filter publishes it as soon as the log is complete, within milliseconds. One
   * that does not is not waited for longer than `graceMs`.
   */
  async awaitOutcome(graceMs: number): Promise<AttemptOutcome | undefined> {
    const deadline = Date.now() + graceMs;
    for (;;) {
      const unpublished = parseOutcome(await readIfPresent(join(this.path, 'code')));
      const outcome = await this.readOutcome();
      if (outcome || unpublished === undefined) return outcome;
      if (Date.now() >= deadline) return this.#explain(unpublished);
      await delay(OUTCOME_LOOK_MS);
    }
  }

  /** Files and secrets first, and last what says where the rest lies. */
  async remove(): Promise<void> {
    const cgroups = await this.#readCgroups();
    if (!cgroups.isEmpty) {
      await rm(this.jobDir, { recursive: true, force: true });
      await cgroups.remove();
    }
    await rm(this.path, { recursive: true, force: true });
  }

  async #readCgroups(): Promise<AttemptCgroups> {
    return new AttemptCgroups((await readIfPresent(join(this.path, 'cgroup'))) ?? '');
  }

  /** A task that made good for a process that was ended has not failed by it. */
  async #explain(outcome: AttemptOutcome | undefined): Promise<AttemptOutcome | undefined> {
    if (outcome?.kind !== 'signaled' || outcome.signal !== 'SIGKILL') return outcome;
    return (await this.wasOutOfMemory()) ? OUT_OF_MEMORY : outcome;
  }
}

/** The end of an attempt whose task, or whose supervisor, the kernel ended for its memory. */
export const OUT_OF_MEMORY: AttemptOutcome = { kind: 'signaled', signal: 'SIGKILL', isOutOfMemory: true };

/** Creates the folders of a data directory. */
export async function createDataFolders(dataDir: string): Promise<void> {
  await mkdir(toAttemptsPath(dataDir), { recursive: true, mode: 0o700 });
  await mkdir(toLogsPath(dataDir), { recursive: true, mode: 0o700 });
}

/** Ids of the attempts that have a folder. What else lies there is none of ours. */
export async function listAttemptIds(dataDir: string): Promise<readonly string[]> {
  const names = await readdir(toAttemptsPath(dataDir));
  return names.filter((name) => ATTEMPT_ID.test(name));
}

/** Where the log of an attempt lies. */
export function toLogPath(dataDir: string, attemptId: string): string {
  return join(toLogsPath(dataDir), `${toFileName(attemptId)}.log`);
}

/** The folder of all logs. */
export function toLogsPath(dataDir: string): string {
  return join(dataDir, 'logs');
}

/** What an executor, this or the one of containers, keeps of an attempt until its end is recorded. */
export function toKeptPaths(dataDir: string, attemptId: string): readonly string[] {
  const name = toFileName(attemptId);
  return [join(toAttemptsPath(dataDir), name), join(dataDir, 'containers', `${name}.json`)];
}

function toAttemptsPath(dataDir: string): string {
  return join(dataDir, 'attempts');
}

function toFileName(attemptId: string): string {
  invariant(ATTEMPT_ID.test(attemptId), `attempt id ${JSON.stringify(attemptId)} is a file name`);
  return attemptId;
}

/** What the text of the file `supervisor` says. */
export function parseSupervisor(text: string): SupervisorRecord {
  if (text === ABANDONED) return { kind: 'abandoned' };
  const [pid = '', start = '', bootId = '', end] = text.split('\n');
  // A negated 0 or 1 would signal the server's own group, or every process there is.
  if (end !== 'end' || !(Number(pid) > 1)) return { kind: 'unfinished' };
  const startedAt = start.startsWith('stat ') ? (parseStartInStat(start.slice(5)) ?? '') : start.slice(3);
  return { kind: 'started', identity: { pid: Number(pid), startedAt, bootId } };
}

/** Undefined of a file that is not there, or not complete. */
function parseOutcome(text: string | undefined): AttemptOutcome | undefined {
  const code = text?.endsWith(OUTCOME_END) ? text.slice(0, -OUTCOME_END.length) : '';
  return code === '' ? undefined : toOutcome(Number(code));
}

/** A shell tells a death by signal as 128 + its number, and so do we: a task that exits with such a code itself looks the same. */
function toOutcome(code: number): AttemptOutcome {
  const signal = Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0];
  return signal === undefined ? { kind: 'exited', exitCode: code } : { kind: 'signaled', signal };
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (thrown) {
    if (hasCode(thrown, 'ENOENT')) return undefined;
    throw thrown;
  }
}

/** Whether the system answered with the code. */
export function hasCode(thrown: unknown, code: string): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === code;
}
