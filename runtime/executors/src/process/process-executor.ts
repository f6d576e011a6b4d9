import {
  type Attachment,
  type AttemptClaim,
  type AttemptOutcome,
  type ExecutionReport,
  type ExecutionRequest,
  type Executor,
  OptimusError,
  toErrorMessage,
} from '@optimus/domain';
import { AttemptFolder, createDataFolders, listAttemptIds } from './attempt-folder.ts';
import { AttemptStarter, type AttemptStarterOptions } from './attempt-starter.ts';
import { executorFailed } from './executor-failed.ts';
import { LiveAttempt } from './live-attempt.ts';
import { type CommandLine, getCommandLine } from './process-image.ts';

/** What a process executor needs. */
export interface ProcessExecutorOptions extends AttemptStarterOptions {
  /** Image name without tag → the command line that stands for it. It runs in its `$JOB_DIR`. */
  readonly images: Readonly<Record<string, CommandLine>>;
  /** Folder of images that came along with the server, for those that `images` does not name. */
  readonly bundledImagesDir?: string;
  /** How often adopted supervisors are looked at, for deaths that leave no trace in their folder; default 5,000. */
  readonly livenessCheckMs?: number;
}

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
  readonly #starter: AttemptStarter;
  #listener: ((report: ExecutionReport) => Promise<void>) | undefined;
  #livenessTimer: NodeJS.Timeout | undefined;
  #prepared: Promise<void> | undefined;

  constructor(options: ProcessExecutorOptions) {
    this.#options = options;
    this.#starter = new AttemptStarter(options, () => this.#checkLiveness());
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
      const live = await this.#starter.start(request, this.#folderOf(request.attemptId), command);
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
    const record = await folder.findSupervisor();
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
    this.#starter.warmUp();
  }

  async stop(): Promise<void> {
    clearInterval(this.#livenessTimer);
    this.#livenessTimer = undefined;
    this.#starter.stop();
    for (const { live } of this.#tracked.values()) live.unwatch();
    this.#tracked.clear();
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
      const record = await folder.findSupervisor();
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

function isHandle(handle: unknown): handle is { readonly attemptId: string } {
  return (
    typeof handle === 'object' &&
    handle !== null &&
    'attemptId' in handle &&
    typeof handle.attemptId === 'string'
  );
}
