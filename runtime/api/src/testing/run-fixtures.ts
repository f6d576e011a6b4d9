import {
  type Attempt,
  type Change,
  type ChangeFeed,
  type LogStore,
  OptimusError,
  parseJobName,
  parseNamespaceName,
  parseProjectName,
  type RunDetail,
} from '@optimus/domain';

/** A run of job `near-earth-objects` at a tick, with one attempt of its task, and the given parts replaced. */
export function makeRun(scheduledAt: string, overrides: Partial<RunDetail> = {}): RunDetail {
  const tick = new Date(scheduledAt);
  return {
    id: `run-${scheduledAt}`,
    jobId: 'job-1',
    versionId: 'version-1',
    project: parseProjectName('sky'),
    namespace: parseNamespaceName('space'),
    job: parseJobName('near-earth-objects'),
    scheduledAt: tick,
    window: { start: new Date(tick.getTime() - 86_400_000), end: tick },
    state: 'success',
    executionTime: tick,
    startedAt: tick,
    finishedAt: tick,
    message: '',
    instances: [
      {
        id: 'instance-1',
        type: 'task',
        name: 'neo',
        role: 'task',
        state: 'success',
        attempts: [makeAttempt()],
      },
    ],
    ...overrides,
  };
}

/** The first attempt, which succeeded, with the given parts replaced. */
export function makeAttempt(overrides: Partial<Attempt> = {}): Attempt {
  const at = new Date('2022-09-19T02:00:00Z');
  return {
    id: 'attempt-1',
    number: 1,
    state: 'success',
    exitCode: 0,
    message: '',
    startedAt: at,
    finishedAt: at,
    hostId: 'host',
    ...overrides,
  };
}

/** A log that a test writes, of whatever attempt. Undefined text: there is no log yet. */
export class WritableLog implements Pick<LogStore, 'read' | 'waitForMore'> {
  #bytes: Buffer | undefined;
  #wake = Promise.withResolvers<void>();
  /** How many readers wait for more. */
  waiting = 0;

  constructor(text?: string) {
    if (text !== undefined) this.#bytes = Buffer.from(text);
  }

  write(text: string): void {
    this.#bytes = Buffer.concat([this.#bytes ?? Buffer.alloc(0), Buffer.from(text)]);
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }

  async read(attemptId: string, offset: number, maxBytes: number) {
    if (!this.#bytes) throw new OptimusError('LOG_NOT_FOUND', { message: `no log of ${attemptId}` });
    const data = this.#bytes.subarray(offset, offset + maxBytes);
    return { data, nextOffset: offset + data.length };
  }

  async readTail(attemptId: string, maxBytes: number) {
    if (!this.#bytes) throw new OptimusError('LOG_NOT_FOUND', { message: `no log of ${attemptId}` });
    return this.#bytes.subarray(-maxBytes);
  }

  async waitForMore(_id: string, offset: number, { signal }: { readonly signal: AbortSignal }) {
    if ((this.#bytes?.length ?? 0) > offset || signal.aborted) return;
    const aborted = new Promise<void>((resolve) =>
      signal.addEventListener('abort', () => resolve(), { once: true }),
    );
    this.waiting += 1;
    await Promise.race([this.#wake.promise, aborted]);
    this.waiting -= 1;
  }
}

/** A feed on which a test announces changes. */
export class AnnouncedChanges implements ChangeFeed {
  readonly #listeners = new Set<(change: Change) => void>();

  get listenerCount(): number {
    return this.#listeners.size;
  }

  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  announce(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }
}
