import {
  type HistoryPosition,
  type HistoryStore,
  type LeaseStore,
  type Log,
  type PruneStep,
  type Service,
  toErrorMessage,
  WorkLoop,
} from '@optimus/domain';
import type { RetentionPolicy } from './retention-policy.ts';

/** What removing old runs needs. */
export interface RunPrunerOptions {
  readonly history: Pick<HistoryStore, 'pruneRuns' | 'pruneEvents'>;
  readonly leases: LeaseStore;
  readonly policy: RetentionPolicy;
  /** Holder of the lease: the server that follows on this host goes on at once. */
  readonly hostId: string;
  readonly log: Log;
}

const LEASE_NAME = 'pruner';
/** How long a step may take until another server goes on. */
const STEP_LEASE_MS = 60_000;
/** How soon a server that does not prune looks whether it is its turn. */
const TURN_MS = 60_000;
const RUNS_A_STEP = 200;
const EVENTS_A_STEP = 2_000;

/** Where a pass is: its kinds of rows one after the other. */
type Stage = 'runs' | 'events';

/** Removes old runs and events, a small step at a time. Of all servers on a database one does. */
export class RunPruner implements Service {
  readonly name = 'run-pruner';
  readonly #options: RunPrunerOptions;
  readonly #loop: WorkLoop;
  #stage: Stage = 'runs';
  #after: HistoryPosition | undefined;
  #removed = { runs: 0, events: 0 };

  constructor(options: RunPrunerOptions) {
    this.#options = options;
    this.#loop = new WorkLoop(() => this.#turn(), options.log);
  }

  async start(): Promise<void> {
    const { runsMs, eventsMs } = this.#options.policy;
    if (runsMs !== undefined || eventsMs !== undefined) this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
    const { leases, hostId, log } = this.#options;
    await leases
      .release(LEASE_NAME, hostId)
      .catch((thrown: unknown) => log.debug('the lease was not released', { error: toErrorMessage(thrown) }));
  }

  /** One step, under a lease that outlives it. Whoever follows begins at the oldest: what this one has removed is not there any more. */
  async #turn(): Promise<number> {
    const { leases, hostId, policy } = this.#options;
    if (!(await leases.acquire(LEASE_NAME, hostId, STEP_LEASE_MS))) {
      this.#begin();
      return Math.min(TURN_MS, policy.everyMs);
    }
    const { removed, next } = await this.#step();
    this.#removed[this.#stage] += removed;
    this.#after = next;
    if (next !== undefined) return policy.pauseMs;
    if (this.#stage === 'runs') {
      this.#stage = 'events';
      return policy.pauseMs;
    }
    this.#tell();
    this.#begin();
    // Kept until the next pass: others would begin one of their own.
    await leases.acquire(LEASE_NAME, hostId, policy.everyMs + STEP_LEASE_MS);
    return policy.everyMs;
  }

  async #step(): Promise<PruneStep> {
    const { history, policy } = this.#options;
    const { runsMs, eventsMs, keepRuns } = policy;
    const after = this.#after === undefined ? {} : { after: this.#after };
    if (this.#stage === 'runs' && runsMs !== undefined)
      return await history.pruneRuns({ olderThanMs: runsMs, limit: RUNS_A_STEP, keep: keepRuns, ...after });
    if (this.#stage === 'events' && eventsMs !== undefined)
      return await history.pruneEvents({ olderThanMs: eventsMs, limit: EVENTS_A_STEP, ...after });
    return { removed: 0, next: undefined };
  }

  #begin(): void {
    this.#stage = 'runs';
    this.#after = undefined;
    this.#removed = { runs: 0, events: 0 };
  }

  #tell(): void {
    const { runs, events } = this.#removed;
    if (runs + events > 0) this.#options.log.info('removed what is old', { runs, events });
  }
}
