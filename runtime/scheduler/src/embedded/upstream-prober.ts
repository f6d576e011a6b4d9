import {
  type ChangeFeed,
  type DueProbe,
  type Log,
  type ProbeOutcome,
  type ProbeStore,
  planNextProbe,
  type Service,
  toErrorMessage,
  WorkLoop,
} from '@optimus/domain';

/** What probing needs. */
export interface UpstreamProberOptions {
  readonly probes: ProbeStore;
  readonly feed: ChangeFeed;
  /** One try, bounded in time by itself. */
  readonly probe: (probe: DueProbe, signal: AbortSignal) => Promise<ProbeOutcome>;
  /** How long a try may take before another server takes its probe over; default 45,000. */
  readonly probeLeaseMs?: number;
  readonly log: Log;
}

/** Longer than any try takes. */
const LEASE_MS = 45_000;
/** Tries under way at a time. */
const MOST_PROBES = 50;
/** The longest rest between two looks: see "As a last resort" in DESIGN.md. */
const LONGEST_REST_MS = 60_000;

/** Asks for what runs wait for beyond the jobs of this server, each time it is due. */
export class UpstreamProber implements Service {
  readonly name = 'upstream-prober';
  readonly #options: UpstreamProberOptions;
  readonly #loop: WorkLoop;
  readonly #trying = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  #unsubscribe: (() => void) | undefined;

  constructor(options: UpstreamProberOptions) {
    this.#options = options;
    this.#loop = new WorkLoop(() => this.#turn(), options.log);
  }

  async start(): Promise<void> {
    this.#unsubscribe = this.#options.feed.subscribe(({ topic }) => {
      if (topic === 'probe_due' || topic === 'resync') this.#loop.wake();
    });
    this.#loop.start();
  }

  /** Resolves when no try is under way any more; those that were are due at once. */
  async stop(): Promise<void> {
    this.#unsubscribe?.();
    await this.#loop.stop();
    this.#stopping.abort();
    await Promise.allSettled(this.#trying);
  }

  async #turn(): Promise<number> {
    const { probes, probeLeaseMs = LEASE_MS } = this.#options;
    const limit = MOST_PROBES - this.#trying.size;
    if (limit <= 0) return LONGEST_REST_MS;
    const due = await probes.claimDue(limit, probeLeaseMs);
    for (const probe of due.probes) this.#begin(probe);
    return Math.min(Math.max(due.nextDueInMs ?? LONGEST_REST_MS, 0), LONGEST_REST_MS);
  }

  #begin(probe: DueProbe): void {
    const { log } = this.#options;
    const trying = this.#try(probe).catch((thrown: unknown) => {
      // Nothing is lost: the probe is due again when its lease has run out.
      log.warn('a probe was given up', { job: probe.job, probe: probe.name, error: toErrorMessage(thrown) });
    });
    this.#trying.add(trying);
    void trying.then(() => {
      this.#trying.delete(trying);
      this.#loop.wake();
    });
  }

  async #try(probe: DueProbe): Promise<void> {
    const { probes, log } = this.#options;
    const { job, name, tries } = probe;
    const result = await this.#options.probe(probe, this.#stopping.signal);
    if (result.isMet) return probes.meet(probe);
    if (this.#stopping.signal.aborted) return probes.postpone(probe, { delayMs: 0 });
    log.debug('a probe is not met', { job, probe: name, tries, outcome: result.outcome });
    await probes.postpone(probe, { ...result, delayMs: planNextProbe(tries, Math.random()) });
  }
}
