import {
  type ChangeFeed,
  type ComputeWindow,
  type DueJob,
  type LeaseStore,
  type Log,
  type PlannedRun,
  planFirstTick,
  planProbes,
  planTicks,
  planWaits,
  type ScheduleAdvance,
  type ScheduleStore,
  type Service,
  type TickPlan,
  toErrorMessage,
  WorkLoop,
} from '@optimus/domain';

/** What planning needs. */
export interface RunPlannerOptions {
  readonly schedules: ScheduleStore;
  readonly leases: LeaseStore;
  readonly feed: ChangeFeed;
  readonly computeWindow: ComputeWindow;
  /** Whether there are other servers to ask for what no job here writes. */
  readonly asksOthers: boolean;
  /** Holder of the lead: the server that follows on this host goes on at once. */
  readonly hostId: string;
  /** How long the lead outlives its holder. */
  readonly leaseMs: number;
  readonly log: Log;
}

const LEASE_NAME = 'planner';
const JOBS_A_BATCH = 200;
const TICKS_A_JOB = 50;
/** The longest rest between two looks at the schedule: see "As a last resort" in DESIGN.md. */
const LONGEST_REST_MS = 60_000;

/** What is left of a schedule that is over. */
const NOTHING_MORE: TickPlan = { ticks: [], next: undefined };

/** Larger runs first: what others wait for goes before them. */
const PRIORITY = 10_000;
const PRIORITY_STEP = 10;

/** Turns due ticks into runs. Of all servers on a database one plans. */
export class RunPlanner implements Service {
  readonly name = 'run-planner';
  readonly #options: RunPlannerOptions;
  readonly #loop: WorkLoop;
  #unsubscribe: (() => void) | undefined;
  /** When the schedule has to be looked at next, by this process's own clock. */
  #lookAt = 0;
  /** Whether the schedule changed since the last look began. */
  #hasChanged = false;
  /** Whether a deployment may have taken away ticks that runs wait for. */
  #mayWaitInVain = true;

  constructor(options: RunPlannerOptions) {
    this.#options = options;
    this.#loop = new WorkLoop(() => this.#turn(), options.log);
  }

  async start(): Promise<void> {
    this.#unsubscribe = this.#options.feed.subscribe(({ topic }) => {
      if (topic === 'schedule_changed' || topic === 'resync') this.#lookNow();
    });
    this.#loop.start();
  }

  async stop(): Promise<void> {
    this.#unsubscribe?.();
    await this.#loop.stop();
    const { leases, hostId, log } = this.#options;
    // Unreleased, the lease runs out by itself; released, the next leader plans at once.
    await leases
      .release(LEASE_NAME, hostId)
      .catch((thrown: unknown) => log.debug('the lead was not released', { error: toErrorMessage(thrown) }));
  }

  #lookNow(): void {
    this.#hasChanged = true;
    this.#mayWaitInVain = true;
    this.#lookAt = 0;
    this.#loop.wake();
  }

  async #turn(): Promise<number> {
    const { leases, hostId, leaseMs } = this.#options;
    const renewMs = leaseMs / 3;
    const isLeader = await leases.acquire(LEASE_NAME, hostId, leaseMs);
    if (!isLeader) {
      this.#lookAt = 0;
      return renewMs;
    }
    if (performance.now() >= this.#lookAt) await this.#look();
    return Math.max(0, Math.min(renewMs, this.#lookAt - performance.now()));
  }

  /** A look that fails leaves the time of the next one in the past. */
  async #look(): Promise<void> {
    this.#hasChanged = false;
    if (this.#mayWaitInVain) await this.#dropVainWaits();
    const restMs = await this.#planBatch();
    this.#lookAt = this.#hasChanged ? 0 : performance.now() + restMs;
  }

  async #dropVainWaits(): Promise<void> {
    this.#mayWaitInVain = false;
    try {
      await this.#options.schedules.dropVainWaits();
    } catch (thrown) {
      this.#mayWaitInVain = true;
      throw thrown;
    }
  }

  /** Plans what is due, a batch at most, and answers how long there is nothing more to plan, in ms. */
  async #planBatch(): Promise<number> {
    const { schedules, computeWindow, asksOthers, log } = this.#options;
    const { now, jobs, nextDueAt } = await schedules.listDue(JOBS_A_BATCH);
    if (jobs.length > 0) {
      await schedules.advance(jobs.map((job) => planAdvance(job, { now, computeWindow, asksOthers, log })));
      return 0;
    }
    const restMs = nextDueAt ? nextDueAt.getTime() - now.getTime() : LONGEST_REST_MS;
    return Math.min(restMs, LONGEST_REST_MS);
  }
}

/** What planning one job needs. */
interface PlanOptions {
  readonly now: Date;
  readonly computeWindow: ComputeWindow;
  readonly asksOthers: boolean;
  readonly log: Log;
}

/** The runs that the job's cursor passes. A schedule that cannot be read any more ends here: it must not keep the others from being planned. */
export function planAdvance(job: DueJob, options: PlanOptions): ScheduleAdvance {
  try {
    return planDueRuns(job, options);
  } catch (thrown) {
    const error = toErrorMessage(thrown);
    options.log.error('a schedule cannot be planned and stops until its job is deployed again', {
      job: job.spec.name,
      error,
    });
    const { jobId, versionId, nextScheduledAt: from } = job;
    return { jobId, versionId, from, to: undefined, runs: [] };
  }
}

function planDueRuns(job: DueJob, { now, computeWindow, asksOthers }: PlanOptions): ScheduleAdvance {
  const {
    jobId,
    versionId,
    spec,
    nextScheduledAt,
    lastScheduledAt,
    presets = {},
    upstreams = [],
    level = 0,
  } = job;
  const input = { schedule: spec.schedule, catchUp: spec.behavior.catchUp };
  // A job that was deleted and deployed again begins anew, and the runs of its first time may have been removed since.
  const hasPassed = lastScheduledAt !== undefined && nextScheduledAt <= lastScheduledAt;
  const first = hasPassed ? planFirstTick(input, now, lastScheduledAt) : nextScheduledAt;
  const { ticks, next } = first ? planTicks(input, first, now, TICKS_A_JOB) : NOTHING_MORE;
  const probes = planProbes(spec, asksOthers ? job.unwritten : []);
  const runs = ticks.map((scheduledAt, index): PlannedRun => {
    const window = computeWindow(spec, scheduledAt, { presets });
    const past = ticks[index - 1] ?? lastScheduledAt;
    const pastScheduledAt = spec.behavior.dependsOnPast ? past : undefined;
    const waits = planWaits({ jobId, window, pastScheduledAt }, upstreams, computeWindow);
    return {
      jobId,
      versionId,
      scheduledAt,
      window,
      priority: Math.max(0, PRIORITY - PRIORITY_STEP * level),
      waits,
      probes,
    };
  });
  const { overlap } = spec.behavior;
  return { jobId, versionId, from: nextScheduledAt, to: next, runs, ...(overlap && { overlap }) };
}
