import { setTimeout as delay } from 'node:timers/promises';
import {
  type Attachment,
  type AttemptClaim,
  type AttemptOutcome,
  type ExecutionReport,
  type ExecutionRequest,
  type Executor,
  type Log,
  OptimusError,
  toErrorMessage,
} from '@optimus/domain';
import { AttemptFolder, createDataFolders, listAttemptIds, type SupervisorRecord } from './attempt-folder.ts';
import { toTaskLimits } from './cgroup/task-limits.ts';
import { Launcher, LaunchFailure, SOURCE_LAUNCHER } from './launcher/launcher.ts';
import { LiveAttempt } from './live-attempt.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { type CommandLine, getCommandLine } from './process-image.ts';
import { toTaskEnvironment } from './supervisor.ts';
import { toTaskFiles } from './task-files.ts';
import { SOURCE_LOG_FILTER } from './task-output.ts';

/** What a process executor needs. */
export interface ProcessExecutorOptions {
  /** Absolute path; `attempts/` and `logs/` are made in it. One server at a time. */
  readonly dataDir: string;
  /** Image name without tag → the command line that stands for it. It runs in its `$JOB_DIR`. */
  readonly images: Readonly<Record<string, CommandLine>>;
  /** Folder of images that came along with the server, for those that `images` does not name. */
  readonly bundledImagesDir?: string;
  readonly log: Log;
  /** The program that masks secrets in output; default: the one in these sources. */
  readonly logFilter?: CommandLine;
  /** The program that starts processes; default: the one in these sources. */
  readonly launcher?: CommandLine;
  /** How large the log of an attempt with secrets grows before the middle of its output is left out; default 256 MiB. */
  readonly maxLogBytes?: number;
  /** How often adopted supervisors are looked at, for deaths that leave no trace in their folder; default 5,000. */
  readonly livenessCheckMs?: number;
  /** Folder of a cgroup of version 2 below which attempts with limits get their own; default: the cgroups that this process is in. */
  readonly cgroup?: string;
}

const SUPERVISOR_START_MS = 2000;
const MAX_LOG_BYTES = 256 * 1024 * 1024;

/** Runs each attempt as a process of this host, under a supervisor that outlives the server. See DESIGN.md beside this file. */
export function createProcessExecutor(options: ProcessExecutorOptions): Executor {
  return new ProcessExecutor(options);
}

interface TrackedAttempt {
  readonly claim: AttemptClaim;
  readonly live: LiveAttempt;
}

class ProcessExecutor implements Executor {
  readonly name = 'process';
  readonly #options: ProcessExecutorOptions;
  readonly #starting = new Map<string, Promise<unknown>>();
  readonly #tracked = new Map<string, TrackedAttempt>();
  readonly #launcher: Launcher;
  #listener: ((report: ExecutionReport) => Promise<void>) | undefined;
  #livenessTimer: NodeJS.Timeout | undefined;
  #prepared: Promise<void> | undefined;
  #hasToldUnlimited = false;

  constructor(options: ProcessExecutorOptions) {
    this.#options = options;
    // The data directory tells whoever lists processes whose it is.
    const program = [...(options.launcher ?? SOURCE_LAUNCHER), options.dataDir];
    this.#launcher = new Launcher(program, () => this.#checkLiveness());
  }

  onReport(listener: (report: ExecutionReport) => Promise<void>): void {
    this.#listener = listener;
  }

  start(request: ExecutionRequest): Promise<unknown> {
    const started = this.#starting.get(request.attemptId) ?? this.#start(request);
    this.#starting.set(request.attemptId, started);
    const forget = (): void => void this.#starting.delete(request.attemptId);
    started.then(forget, forget);
    return started;
  }

  async #start(request: ExecutionRequest): Promise<unknown> {
    const command = getCommandLine(request.image, this.#options);
    try {
      await this.#prepare();
      const live = await this.#launch(request, command);
      if (!live) return await this.#takeUp(request);
      live.watch();
      this.#track(request, live);
      return { attemptId: request.attemptId, pid: live.pid };
    } catch (thrown) {
      if (thrown instanceof OptimusError) throw thrown;
      throw executorFailed(request.attemptId, `could not be started: ${toErrorMessage(thrown)}`, thrown);
    }
  }

  async attach(claim: AttemptClaim, _handle: unknown): Promise<Attachment> {
    const tracked = this.#tracked.get(claim.attemptId);
    if (tracked) {
      this.#track(claim, tracked.live);
      return 'attached';
    }
    const folder = this.#folderOf(claim.attemptId);
    const record = await findSupervisor(folder);
    if (record?.kind !== 'started') {
      await folder.remove();
      return 'gone';
    }
    return this.#adopt(claim, new LiveAttempt(folder, { identity: record.identity }));
  }

  async cancel(handle: unknown, graceMs: number): Promise<void> {
    if (isHandle(handle)) await this.#tracked.get(handle.attemptId)?.live.cancel(graceMs);
  }

  async discardExcept(attemptIds: ReadonlySet<string>): Promise<void> {
    await this.#prepare();
    const ids = await listAttemptIds(this.#options.dataDir);
    await Promise.all(ids.filter((id) => !attemptIds.has(id)).map((id) => this.#discard(id)));
  }

  warmUp(): void {
    this.#launcher.warmUp();
  }

  async stop(): Promise<void> {
    clearInterval(this.#livenessTimer);
    this.#livenessTimer = undefined;
    this.#launcher.stop();
    for (const { live } of this.#tracked.values()) live.unwatch();
    this.#tracked.clear();
  }

  /** Undefined when the attempt was started before. */
  async #launch(request: ExecutionRequest, command: CommandLine): Promise<LiveAttempt | undefined> {
    const { logFilter: filter = SOURCE_LOG_FILTER, maxLogBytes = MAX_LOG_BYTES, cgroup } = this.#options;
    const { attemptId, secrets = [] } = request;
    const folder = this.#folderOf(attemptId);
    const { path, jobDir, logPath } = folder;
    const env = toTaskEnvironment(request.env, jobDir);
    const limits = toTaskLimits(request.resources);
    const bounds = { ...(limits && { limits }), ...(cgroup !== undefined && { cgroup }) };
    const laidDown = { folder: { path, jobDir, logPath }, files: toTaskFiles(request.files) };
    try {
      const rules = { filter, maxLogBytes, secrets };
      const launched = await this.#launcher.launch({
        attemptId,
        command,
        env,
        ...laidDown,
        ...rules,
        ...bounds,
      });
      if (!launched) return undefined;
      const { supervisor, unlimited, ended } = launched;
      if (unlimited !== '') this.#tellUnlimited(unlimited);
      if (supervisor.kind !== 'started') throw executorFailed(attemptId, 'was given up before it began');
      return new LiveAttempt(folder, { identity: supervisor.identity, ended });
    } catch (thrown) {
      if (thrown instanceof LaunchFailure && thrown.isUnknown) return findLaunched(folder);
      await folder.remove();
      throw thrown;
    }
  }

  /** Once: a system that does not allow limits allows them to no attempt. */
  #tellUnlimited(reason: string): void {
    if (this.#hasToldUnlimited) return;
    this.#hasToldUnlimited = true;
    this.#options.log.warn(
      'tasks run without the limits of metadata.resource: the system does not allow them',
      {
        reason,
        hint: 'docs/executors.md tells what limits of processes need',
      },
    );
  }

  async #takeUp(claim: AttemptClaim): Promise<unknown> {
    if ((await this.attach(claim, undefined)) === 'gone') {
      throw executorFailed(claim.attemptId, 'was started before and has left no trace');
    }
    return { attemptId: claim.attemptId };
  }

  async #adopt(claim: AttemptClaim, live: LiveAttempt): Promise<Attachment> {
    live.watch();
    await live.look();
    const outcome = await Promise.race([live.ended, Promise.resolve(undefined)]);
    if (outcome?.kind === 'lost') {
      await live.folder.remove();
      return 'gone';
    }
    this.#track(claim, live);
    this.#checkLiveness();
    return 'attached';
  }

  /** From the first attempt on whose end nobody tells. */
  #checkLiveness(): void {
    const { livenessCheckMs = 5000 } = this.#options;
    this.#livenessTimer ??= setInterval(() => this.#lookAtAll(), livenessCheckMs).unref();
  }

  /** Reports the end under this claim; a later claim on the same attempt takes its place. */
  #track(claim: AttemptClaim, live: LiveAttempt): void {
    const tracked: TrackedAttempt = { claim, live };
    this.#tracked.set(claim.attemptId, tracked);
    void live.ended.then((outcome) => this.#report(tracked, outcome));
  }

  async #report(tracked: TrackedAttempt, outcome: AttemptOutcome): Promise<void> {
    const { claim, live } = tracked;
    const isCurrent = (): boolean => this.#tracked.get(claim.attemptId) === tracked;
    if (!isCurrent() || !this.#listener) return;
    try {
      const endedAt = await live.folder.findEnd();
      if (!isCurrent()) return;
      await this.#listener({
        attemptId: claim.attemptId,
        fence: claim.fence,
        outcome,
        ...(endedAt && { endedAt }),
      });
      if (!isCurrent()) return;
      this.#tracked.delete(claim.attemptId);
      await live.folder.remove();
    } catch (thrown) {
      // The folder stays, so that the next server on this host finds the end and reports it.
      const reason = toErrorMessage(thrown);
      this.#options.log.error('the end of an attempt could not be recorded', {
        attempt: claim.attemptId,
        reason,
      });
    }
  }

  async #discard(attemptId: string): Promise<void> {
    const { log } = this.#options;
    try {
      const folder = this.#folderOf(attemptId);
      const record = await findSupervisor(folder);
      if (record?.kind === 'started') {
        new LiveAttempt(folder, { identity: record.identity }).kill('SIGKILL');
      }
      await folder.remove();
      log.info('cleared away an attempt of which this server is not the owner', { attempt: attemptId });
    } catch (thrown) {
      // One broken folder must not keep a server from starting; the next start tries again.
      const reason = toErrorMessage(thrown);
      log.warn('what is left of an attempt could not be cleared away', { attempt: attemptId, reason });
    }
  }

  #lookAtAll(): void {
    for (const { claim, live } of this.#tracked.values()) {
      live.look().catch((thrown: unknown) => {
        const reason = toErrorMessage(thrown);
        this.#options.log.warn('the folder of an attempt cannot be read', {
          attempt: claim.attemptId,
          reason,
        });
      });
    }
  }

  #prepare(): Promise<void> {
    this.#prepared ??= createDataFolders(this.#options.dataDir);
    return this.#prepared;
  }

  #folderOf(attemptId: string): AttemptFolder {
    return new AttemptFolder(this.#options.dataDir, attemptId);
  }
}

/** Who watches the attempt, given up here when nobody does. A record that is being written is waited for. */
async function findSupervisor(folder: AttemptFolder): Promise<SupervisorRecord | undefined> {
  let record = await folder.claimOrReadSupervisor();
  const deadline = Date.now() + SUPERVISOR_START_MS;
  while (record?.kind === 'unfinished' && Date.now() < deadline) {
    await delay(10);
    record = await folder.readSupervisor();
  }
  return record;
}

/** The attempt of a start over which the starting process was killed: the folder decides whether it runs, and it is lost when it does not. */
async function findLaunched(folder: AttemptFolder): Promise<LiveAttempt> {
  const record = await findSupervisor(folder);
  return new LiveAttempt(folder, { identity: record?.kind === 'started' ? record.identity : NOBODY });
}

/** Of no process there ever was. */
const NOBODY: ProcessIdentity = { pid: 0, startedAt: '', bootId: 'none' };

function isHandle(handle: unknown): handle is { readonly attemptId: string } {
  return (
    typeof handle === 'object' &&
    handle !== null &&
    'attemptId' in handle &&
    typeof handle.attemptId === 'string'
  );
}

function executorFailed(attemptId: string, problem: string, cause?: unknown): OptimusError {
  return new OptimusError('EXECUTOR_FAILED', {
    message: `attempt ${attemptId} ${problem}`,
    fields: { attempt: attemptId },
    cause,
  });
}
