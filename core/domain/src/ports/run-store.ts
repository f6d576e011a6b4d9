import type { JobKey } from '../job/job.ts';
import type { JobName } from '../job/job-name.ts';
import type { JobSpec, WindowPreset } from '../job/job-spec.ts';
import type { OverlapPolicy } from '../job/overlap-policy.ts';
import type { NamespaceName } from '../namespace/namespace.ts';
import type { ProjectName } from '../project/project.ts';
import type { AttemptOutcome, NextStep } from '../run/attempt-outcome.ts';
import type { InstanceKey, InstanceType, Interval, PlannedRun, Run, RunDetail, RunKey } from '../run/run.ts';
import type { RunState } from '../run/run-state.ts';

/** A job whose cursor has come due. */
export interface DueJob {
  readonly jobId: string;
  readonly versionId: string;
  /** Without its assets: planning needs none of them, and a thousand due jobs need not travel with theirs. */
  readonly spec: Omit<JobSpec, 'assets'>;
  /** The preset that its window names, as the project has it now; absent when it names none or there is none of the name. */
  readonly presets?: Readonly<Record<string, WindowPreset>>;
  /** The cursor as read: {@link ScheduleAdvance} must name it. */
  readonly nextScheduledAt: Date;
  /** The longest way to it from a job without upstreams; absent: it has none. */
  readonly level?: number;
  /** The newest tick that was planned; absent: none was. */
  readonly lastScheduledAt?: Date;
  /** The jobs that it depends on, each once, itself never; absent: none. */
  readonly upstreams?: readonly UpstreamJob[];
  /** The URNs that it reads and no job here writes, without wildcards; absent: none. */
  readonly unwritten?: readonly string[];
}

/** What deciding which runs of an upstream are needed takes. */
export interface UpstreamJob {
  readonly jobId: string;
  readonly spec: Pick<JobSpec, 'version' | 'schedule' | 'task'>;
  /** As in {@link DueJob}. */
  readonly presets?: Readonly<Record<string, WindowPreset>>;
}

/** Due jobs and the time by the database, which decides what is due. */
export interface DueJobs {
  readonly now: Date;
  readonly jobs: readonly DueJob[];
  /** The earliest cursor that is not due yet, if any. */
  readonly nextDueAt: Date | undefined;
}

/** The runs that a cursor passes on its way to its next position. */
export interface ScheduleAdvance {
  readonly jobId: string;
  /** The version whose schedule this follows. */
  readonly versionId: string;
  readonly from: Date;
  readonly to: Date | undefined;
  readonly runs: readonly PlannedRun[];
  /** What its runs do that find one of the job that is not over; absent: nothing. */
  readonly overlap?: OverlapPolicy;
}

/** The cursors of schedules: one row a job. */
export interface ScheduleStore {
  listDue(limit: number): Promise<DueJobs>;
  /**
   * Stores the runs with their instances and moves the cursors, in one transaction; a cursor that is no longer at `from`, or whose
   * job has another version by now, is skipped with its runs. A run that exists already is left alone. A run begins in state
   * `wait_upstream` while any of its waits is open: one whose run has neither succeeded nor been skipped, and that its job's cursor has
   * not passed without a run; where the own job's run before was skipped, the one before that counts. The end of the last one makes it `queued`, in the same transaction. Announces `run_ready`. Of a job with an `overlap` policy the runs are then ended that
   * {@link planOverlap} names, in the same transaction.
   */
  advance(advances: readonly ScheduleAdvance[]): Promise<void>;
  /** Has nobody wait any more for ticks that will never be planned: those of jobs that were deleted, or whose schedule was changed. */
  dropVainWaits(): Promise<void>;
}

/** A fenced claim on one attempt: only its holder may report on it. */
export interface AttemptClaim {
  readonly attemptId: string;
  /** Grows with every claim or adoption of the attempt; a report with an older fence is refused. */
  readonly fence: string;
}

/** A claim on an attempt that has ended. */
export interface EndedClaim extends AttemptClaim {
  /** For how long, 0 or more: its server may have been away meanwhile. Absent: since a moment ago. */
  readonly endedMsAgo?: number;
}

/** An attempt that this server is to start, with all that starting needs. */
export interface ClaimedAttempt extends AttemptClaim {
  readonly runId: string;
  readonly instanceId: string;
  readonly instance: { readonly type: InstanceType; readonly name: string };
  readonly number: number;
  readonly versionId: string;
  readonly project: ProjectName;
  readonly namespace: NamespaceName;
  readonly job: JobName;
  readonly scheduledAt: Date;
  readonly window: Interval;
  readonly executionTime: Date;
  /** Whether it has to end by some time: {@link RunStore.listEnding} says when. */
  readonly hasDeadline: boolean;
  /** For how long it could have been claimed before, by the database's clock. */
  readonly waitedMs: number;
}

/** An attempt that a dead or restarted server left behind. */
export interface AdoptedAttempt extends ClaimedAttempt {
  /** What the executor gave when it started the attempt; undefined when the server died before it could say. */
  readonly handle: unknown;
}

/** What claiming found. */
export interface Claim {
  readonly attempts: readonly ClaimedAttempt[];
  /** When the next run that waits for its time becomes ready, if any. Database time, given as a delay. */
  readonly nextReadyInMs: number | undefined;
}

/** How a run ends by somebody's word. */
export interface EarlyEnd {
  readonly state: 'canceled' | 'success' | 'failed' | 'skipped';
  /** Why, for people. */
  readonly message: string;
}

/** How a run runs again. */
export interface RerunRequest {
  /** `failed`: only the instances that did not succeed, and the fail hooks. */
  readonly scope: 'all' | 'failed';
  /** One that runs again although it succeeded, beside what `scope` says. */
  readonly instance?: { readonly type: InstanceType; readonly name: string };
  /** The version to run, and its window; absent: those of the run. */
  readonly version?: { readonly id: string; readonly window: Interval };
}

/** Attempts that have to end, and when the next one will have to. */
export interface Endings {
  readonly attempts: readonly EndingAttempt[];
  readonly nextInMs: number | undefined;
}

/** An attempt whose run is over, or whose time is. */
export interface EndingAttempt extends AttemptClaim {
  readonly reason: 'run_over' | 'run_timeout' | 'timeout';
}

/** Whose attempts they are: a host is one data directory, whose lock admits one server at a time. */
export interface ServerIdentity {
  readonly hostId: string;
  readonly serverId: string;
}

/** A page of runs, newest tick first. */
export interface RunQuery extends JobKey {
  readonly states?: readonly RunState[];
  readonly since?: Date;
  readonly until?: Date;
  /** 1 to 1000. */
  readonly limit: number;
  /** Only ticks before this one: the last of the page before. */
  readonly before?: Date;
}

/** What retention has removed of a job's history. */
export interface RemovedRuns {
  /** The newest tick of which the run was removed. Older ones may still be there. */
  readonly until: Date;
  readonly count: number;
}

/** A page of a project's runs, the newest made first. */
export interface ProjectRunQuery {
  readonly project: ProjectName;
  readonly namespace?: NamespaceName;
  readonly states?: readonly RunState[];
  /** 1 to 1000. */
  readonly limit: number;
  /** Only runs made before this one: the id of the last of the page before. */
  readonly beforeId?: string;
}

/** What became of a run by the end of an attempt. */
export interface FinishedStep {
  readonly state: RunState;
  /** Whether the run ended by it: not one that goes on, nor one that was canceled or marked before. */
  readonly isEnd: boolean;
}

/** Runs, their instances and attempts. Every state change is one transaction with its event and announces `run_changed`. */
export interface RunStore {
  /** Stores a run that no cursor passed, ready to be claimed, with its instances. False when the job has a run at its tick or is deleted. Announces `run_ready`. */
  create(run: PlannedRun): Promise<boolean>;
  find(key: RunKey): Promise<Run | undefined>;
  findDetail(key: RunKey): Promise<RunDetail | undefined>;
  /** The run of the newest tick of a job that is deployed; undefined when the job is not. One query: clients poll it. */
  findLast(key: JobKey): Promise<Run | undefined>;
  /** With instances and attempts, in a constant number of queries. */
  list(query: RunQuery): Promise<readonly RunDetail[]>;
  /** As {@link list}, over all jobs of a project. */
  listNewest(query: ProjectRunQuery): Promise<readonly RunDetail[]>;
  /** Undefined while nothing of the job was removed. */
  findRemoved(key: JobKey): Promise<RemovedRuns | undefined>;

  /** The instance that an attempt is of, while the attempt lives; undefined when it has ended or never was. */
  findLiveInstance(attemptId: string): Promise<InstanceKey | undefined>;

  /** Claims up to `limit` ready runs for this server and creates their next attempt, in state `starting`. Concurrent claimers never get the same run. Nothing is claimed of a run whose time is over, but its fail hooks. */
  claim(
    server: ServerIdentity,
    options: { readonly limit: number; readonly leaseMs: number },
  ): Promise<Claim>;
  /** Keeps a sentence with the attempt, which its end adds to. @throws OptimusError `FENCE_STALE` */
  note(claim: AttemptClaim, message: string): Promise<void>;
  /** Records that the attempt runs, with what its executor needs to find it again. @throws OptimusError `FENCE_STALE` */
  markRunning(claim: AttemptClaim, handle: unknown): Promise<void>;
  /**
   * Extends the leases of the server's live attempts; answers the ids of those that it still holds. With `knownIds` only of these:
   * an attempt whose claim never reached the server (the connection broke on the way) runs out instead of being held for ever.
   */
  renewLeases(
    server: ServerIdentity,
    leaseMs: number,
    knownIds?: readonly string[],
  ): Promise<readonly string[]>;
  /** How many attempts of the attempt's instance failed or got lost so far, this one not counted. */
  countEnded(claim: AttemptClaim): Promise<{ readonly failed: number; readonly lost: number }>;
  /** Ends the attempt and moves its instance and run; one that is to be tried again fails when the run has no time left for it. @throws OptimusError `FENCE_STALE` when the claim was superseded or the attempt has ended */
  finish(claim: EndedClaim, outcome: AttemptOutcome, next: NextStep): Promise<FinishedStep>;

  /**
   * Ends a run by somebody's word, also one that has ended: what has not begun is canceled, or skipped when the run is marked, and
   * the attempts that live are the dispatching servers' to end, who hear `run_ended_early`. Undefined when there is no such run, or
   * when it has ended already and `state` is `canceled`.
   */
  endEarly(key: RunKey, end: EarlyEnd): Promise<Run | undefined>;
  /**
   * Has a run that has ended run again: all its instances, or those that did not succeed and what follows them. Each has its tries
   * anew. Undefined when there is no such run, it has not ended, or an attempt of it still lives.
   */
  rerun(key: RunKey, request: RerunRequest): Promise<Run | undefined>;
  /** Has no run of a deployed job begin, nor a tick be planned, until it is resumed. False when there is no such job. Announces `schedule_changed`. */
  setPaused(key: JobKey, isPaused: boolean): Promise<boolean>;
  /**
   * Settles one run whose time is over while something of it waits, for a pause or a slot: that has failed, and what follows is as after any
   * failure. Answers in how many ms to look again: 0 when it settled one; undefined when no run under way has a limited time.
   */
  settleOverdue(): Promise<number | undefined>;
  /** Attempts of the server that have to end. */
  listEnding(server: ServerIdentity): Promise<Endings>;

  /** Takes over every live attempt of this host that another server process held: that process is gone, the lock of the data directory proves it. Fences grow. */
  adopt(server: ServerIdentity, leaseMs: number): Promise<readonly AdoptedAttempt[]>;
  /** Takes over attempts of any host, this one included, whose lease has run out or is none. Fences grow. */
  adoptExpired(server: ServerIdentity, options: AdoptionOptions): Promise<readonly AdoptedAttempt[]>;
}

/** Which leases have run out. */
export interface AdoptionOptions {
  /** How long the attempts are held then. */
  readonly leaseMs: number;
  /** How long ago a lease has run out at least. */
  readonly graceMs: number;
  /** Attempts at most. */
  readonly limit: number;
  /** The longest that anybody holds attempts: a lease that has more time left was written before the clock was set back. */
  readonly longestLeaseMs: number;
  /** What the database's clock is to say then; when it was set meanwhile nothing is adopted. */
  readonly clock?: { readonly at: Date; readonly toleranceMs: number };
}

/** A named right that one server holds at a time, by the database's clock. */
export interface LeaseStore {
  /** Takes or renews the lease; false when another holder has it. */
  acquire(name: string, holder: string, leaseMs: number): Promise<boolean>;
  release(name: string, holder: string): Promise<void>;
}
