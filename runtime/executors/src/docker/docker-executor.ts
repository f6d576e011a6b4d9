import {
  type Attachment,
  type AttemptClaim,
  type ExecutionReport,
  type ExecutionRequest,
  type Executor,
  type Log,
  OptimusError,
} from '@optimus/domain';
import type Docker from 'dockerode';
import type { Container } from 'dockerode';
import { AttemptRecord, createRecordFolders, listRecordedIds } from './attempt-record.ts';
import { putFiles } from './container-files.ts';
import {
  type ContainerOwner,
  findAttemptId,
  toContainer,
  toContainerName,
  toOwnerFilter,
} from './container-request.ts';
import { findContainerUser } from './container-user.ts';
import { type ImageOptions, type PresentImage, provideImage } from './docker-image.ts';
import { connectEngine } from './engine.ts';
import { isConflict, isNotFound, toEngineMessage } from './engine-error.ts';
import { type AttemptEnd, LiveAttempt } from './live-attempt.ts';
import { unlessAborted } from './unless-aborted.ts';

/** What a docker executor needs. */
export interface DockerExecutorOptions extends ImageOptions {
  /** Absolute path; `containers/` and `logs/` are made in it. One server at a time. */
  readonly dataDir: string;
  readonly owner: ContainerOwner;
  /** Where the engine listens: `unix:///run/podman/podman.sock`, `tcp://engine:2375`. Default: `DOCKER_HOST`, else the usual socket. */
  readonly engine?: string;
  /** As the engine calls it: `host`, `bridge`, the name of a network. */
  readonly network: string;
  readonly log: Log;
  /** How large the log of an attempt grows before the middle of its output is left out; default 256 MiB. */
  readonly maxLogBytes?: number;
}

const MAX_LOG_BYTES = 256 * 1024 * 1024;

/** States of a container that has never run, or never will again. */
const UNSTARTED: readonly string[] = ['created', 'initialized', 'configured', 'removing', 'dead'];

/** Runs each attempt as a container of Docker or podman. See DESIGN.md beside this file. */
export function createDockerExecutor(options: DockerExecutorOptions): Executor {
  return new DockerExecutor(options);
}

interface TrackedAttempt {
  readonly claim: AttemptClaim;
  readonly live: LiveAttempt;
}

class DockerExecutor implements Executor {
  readonly name = 'docker';
  readonly #options: DockerExecutorOptions;
  readonly #starting = new Map<string, Promise<unknown>>();
  readonly #tracked = new Map<string, TrackedAttempt>();
  readonly #images = new Map<string, Promise<PresentImage>>();
  #listener: ((report: ExecutionReport) => Promise<void>) | undefined;
  #engine: Promise<Docker> | undefined;
  #prepared: Promise<void> | undefined;

  constructor(options: DockerExecutorOptions) {
    this.#options = options;
  }

  onReport(listener: (report: ExecutionReport) => Promise<void>): void {
    this.#listener = listener;
  }

  start(request: ExecutionRequest, calledOff?: AbortSignal): Promise<unknown> {
    const started = this.#starting.get(request.attemptId) ?? this.#start(request, calledOff);
    this.#starting.set(request.attemptId, started);
    const forget = (): void => void this.#starting.delete(request.attemptId);
    started.then(forget, forget);
    return started;
  }

  async attach(claim: AttemptClaim, _handle: unknown): Promise<Attachment> {
    const tracked = this.#tracked.get(claim.attemptId);
    if (tracked) {
      this.#track(claim, tracked.live);
      return 'attached';
    }
    const container = await this.#containerOf(claim.attemptId);
    const status = await findStatusOf(container);
    const secrets = await this.#recordOf(claim.attemptId).readSecrets();
    // Without its record nobody knows what to mask, and a container that was never started is not started late.
    if (status === undefined || UNSTARTED.includes(status) || secrets === undefined) {
      await this.#clear(claim.attemptId);
      return 'gone';
    }
    this.#watch(claim, container, secrets);
    return 'attached';
  }

  async cancel(handle: unknown, graceMs: number): Promise<void> {
    if (isHandle(handle)) await this.#tracked.get(handle.attemptId)?.live.cancel(graceMs);
  }

  async discardExcept(attemptIds: ReadonlySet<string>): Promise<void> {
    await this.#prepare();
    const recorded = await listRecordedIds(this.#options.dataDir);
    const found = [...recorded, ...(await this.#listContainerIds())];
    const ids = [...new Set(found)].filter((id) => !attemptIds.has(id));
    await Promise.all(ids.map((id) => this.#discard(id)));
  }

  async stop(): Promise<void> {
    for (const { live } of this.#tracked.values()) live.unwatch();
    this.#tracked.clear();
  }

  async #start(request: ExecutionRequest, calledOff?: AbortSignal): Promise<unknown> {
    try {
      await this.#prepare();
      const isNew = await this.#recordOf(request.attemptId).create(request.secrets ?? []);
      return isNew ? await this.#launch(request, calledOff) : await this.#takeUp(request);
    } catch (thrown) {
      if (thrown instanceof OptimusError) throw thrown;
      throw executorFailed(request.attemptId, `could not be started: ${toEngineMessage(thrown)}`, thrown);
    }
  }

  async #launch(request: ExecutionRequest, calledOff?: AbortSignal): Promise<unknown> {
    const { attemptId } = request;
    try {
      const { user } = await unlessAborted(this.#provideImage(request.image), calledOff);
      const container = await this.#create(request);
      // A container of that name runs already: this host's record of it was removed, and the attempt lives on.
      if (container === undefined) return await this.#takeUp(request);
      await putFiles(container, await findContainerUser(container, user), request);
      calledOff?.throwIfAborted();
      await container.start();
      this.#watch(request, container, request.secrets ?? []);
      return { attemptId, container: container.id };
    } catch (thrown) {
      await this.#clear(attemptId).catch((problem: unknown) => this.#warnOfRest(attemptId, problem));
      throw thrown;
    }
  }

  /** Undefined when the engine has a container of that name: it gives a name once. */
  async #create(request: ExecutionRequest): Promise<Container | undefined> {
    const { owner, network, maxLogBytes = MAX_LOG_BYTES } = this.#options;
    const engine = await this.#connect();
    try {
      return await engine.createContainer(toContainer(request, owner, { network, maxLogBytes }));
    } catch (thrown) {
      if (isConflict(thrown)) return undefined;
      throw thrown;
    }
  }

  /** Attempts that need the same image at the same time wait for one pull. */
  #provideImage(image: string): Promise<PresentImage> {
    const provided =
      this.#images.get(image) ?? this.#connect().then((engine) => provideImage(engine, image, this.#options));
    this.#images.set(image, provided);
    const forget = (): void => void this.#images.delete(image);
    provided.then(forget, forget);
    return provided;
  }

  async #takeUp(claim: AttemptClaim): Promise<unknown> {
    if ((await this.attach(claim, undefined)) === 'gone') {
      throw executorFailed(claim.attemptId, 'was started before and has left no trace');
    }
    return { attemptId: claim.attemptId };
  }

  #watch(claim: AttemptClaim, container: Container, secrets: readonly string[]): void {
    const { log, maxLogBytes = MAX_LOG_BYTES } = this.#options;
    const { logPath } = this.#recordOf(claim.attemptId);
    const output = { logPath, secrets, maxLogBytes };
    const live = new LiveAttempt({ attemptId: claim.attemptId, container, output, log });
    live.watch();
    this.#track(claim, live);
  }

  /** Reports the end under this claim; a later claim on the same attempt takes its place. */
  #track(claim: AttemptClaim, live: LiveAttempt): void {
    const tracked: TrackedAttempt = { claim, live };
    this.#tracked.set(claim.attemptId, tracked);
    void live.ended.then((end) => this.#report(tracked, end));
  }

  async #report(tracked: TrackedAttempt, end: AttemptEnd): Promise<void> {
    const { attemptId, fence } = tracked.claim;
    const isCurrent = (): boolean => this.#tracked.get(attemptId) === tracked;
    if (!isCurrent() || !this.#listener) return;
    try {
      await this.#listener({ attemptId, fence, ...end });
      if (!isCurrent()) return;
      this.#tracked.delete(attemptId);
    } catch (thrown) {
      // The container stays, so that the next server on this host finds the end and reports it.
      const reason = toEngineMessage(thrown);
      this.#options.log.error('the end of an attempt could not be recorded', { attempt: attemptId, reason });
      return;
    }
    await this.#clear(attemptId).catch((problem: unknown) => this.#warnOfRest(attemptId, problem));
  }

  async #discard(attemptId: string): Promise<void> {
    const { log } = this.#options;
    try {
      await this.#clear(attemptId);
      log.info('cleared away an attempt of which this server is not the owner', { attempt: attemptId });
    } catch (thrown) {
      // One container that cannot be removed must not keep a server from starting; the next start tries again.
      this.#warnOfRest(attemptId, thrown);
    }
  }

  /** Ends what still runs of the attempt and removes its container, its volumes and its record. The record goes last: it names the rest. */
  async #clear(attemptId: string): Promise<void> {
    const container = await this.#containerOf(attemptId);
    try {
      await container.remove({ force: true, v: true });
    } catch (thrown) {
      // Somebody else's removal that is under way is as good.
      if (!isNotFound(thrown) && !isConflict(thrown)) throw thrown;
    }
    await this.#recordOf(attemptId).remove();
  }

  #warnOfRest(attemptId: string, thrown: unknown): void {
    const reason = toEngineMessage(thrown);
    this.#options.log.warn('what is left of an attempt could not be cleared away', {
      attempt: attemptId,
      reason,
    });
  }

  async #listContainerIds(): Promise<readonly string[]> {
    const engine = await this.#connect();
    const filters = { label: [...toOwnerFilter(this.#options.owner)] };
    const containers = await engine.listContainers({ all: true, filters }).catch((thrown: unknown) => {
      throw unanswered(thrown);
    });
    return containers.flatMap(({ Labels }) => findAttemptId(Labels) ?? []);
  }

  #prepare(): Promise<void> {
    this.#prepared ??= createRecordFolders(this.#options.dataDir);
    return this.#prepared;
  }

  #connect(): Promise<Docker> {
    this.#engine ??= connectEngine(this.#options.engine);
    return this.#engine;
  }

  async #containerOf(attemptId: string): Promise<Container> {
    const engine = await this.#connect();
    return engine.getContainer(toContainerName(this.#options.owner, attemptId));
  }

  #recordOf(attemptId: string): AttemptRecord {
    return new AttemptRecord(this.#options.dataDir, attemptId);
  }
}

async function findStatusOf(container: Container): Promise<string | undefined> {
  try {
    const { State } = await container.inspect();
    return State.Status;
  } catch (thrown) {
    if (isNotFound(thrown)) return undefined;
    throw thrown;
  }
}

function unanswered(thrown: unknown): OptimusError {
  return new OptimusError('EXECUTOR_FAILED', {
    message: `the container engine does not answer: ${toEngineMessage(thrown)}`,
    hint: 'start Docker or `podman system service`, and give its address in executor.docker.engine',
    cause: thrown,
  });
}

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
