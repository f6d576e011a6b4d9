import type {
  ActiveRuns,
  AttemptFacts,
  AttemptState,
  ErrorCode,
  InstanceFacts,
  InstanceRole,
  InstanceState,
  InstanceType,
  JobFacts,
  JobName,
  NamespaceName,
  OutcomeName,
  PoolFacts,
  Preset,
  ProbeFacts,
  ProbeKind,
  ProjectName,
  RunFacts,
  RunState,
  RunSurroundings,
  WaitEdge,
} from '@optimus/domain';
import type { StoredSpec } from '../job/job-row.ts';
import { type RunRow, toRun } from '../run/run-row.ts';

/** A row of `FIND_JOB`. */
export interface JobFactsRow {
  readonly now: Date;
  readonly id: string;
  readonly project: string;
  readonly namespace: string;
  readonly job: string;
  readonly deleted_at: Date | null;
  readonly number: number;
  readonly deployed_at: Date;
  readonly spec: StoredSpec;
  readonly preset: Preset | null;
  readonly is_paused: boolean;
  readonly next_scheduled_at: Date | null;
  readonly last_scheduled_at: Date | null;
  readonly namespace_limit: string | null;
  readonly project_limit: string | null;
  readonly lead_until: Date | null;
  readonly removed_until: Date | null;
}

/** A row of `FIND_RUN`. */
export interface RunFactsRow extends RunRow {
  readonly number: number;
  readonly deployed_at: Date;
  readonly retries: number | null;
  readonly others: number;
  readonly is_held: boolean;
  readonly probes:
    | readonly {
        readonly kind: string;
        readonly name: string;
        readonly target: string;
        readonly tries: number;
        readonly outcome: string;
        readonly next_probe_at: string;
      }[]
    | null;
}

/** A row of `LIST_INSTANCES`: an instance with one of its attempts, whose columns are null together. */
export interface InstanceFactsRow {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly role: string;
  readonly position: number;
  readonly state: string;
  readonly ready_at: Date;
  readonly reason: string;
  readonly tries: number;
  readonly attempt_id: string | null;
  readonly number: number;
  readonly attempt_state: string;
  readonly exit_code: number | null;
  readonly message: string;
  readonly started_at: Date;
  readonly finished_at: Date | null;
  readonly host_id: string;
  readonly lease_expires_at: Date;
  readonly deadline_at: Date | null;
  readonly outcome: string | null;
  readonly error_code: string | null;
}

interface ActiveRow {
  readonly count: number;
  readonly runs: readonly { readonly project: string; readonly job: string; readonly scheduled_at: string }[];
}

/** A row of `READ_SURROUNDINGS`. */
export interface SurroundingsRow {
  readonly usual_runs: number;
  readonly usual_duration_ms: number | null;
  readonly usual_delay_ms: number | null;
  readonly live_attempts: number;
  readonly before_it: ActiveRow;
  readonly pool: {
    readonly key: string;
    readonly namespace_size: string | null;
    readonly project_size: string | null;
  } | null;
  readonly pool_of_namespace: ActiveRow;
  readonly pool_of_project: ActiveRow;
  readonly active_of_job: ActiveRow;
  readonly active_of_namespace: ActiveRow;
  readonly active_of_project: ActiveRow;
}

/** A row of `LIST_WAITS`. */
export interface WaitEdgeRow {
  readonly run_id: string;
  readonly project: string;
  readonly job: string;
  readonly upstream_job_id: string;
  readonly scheduled_at: Date;
  readonly upstream_run_id: string | null;
  readonly state: string | null;
  readonly is_past: boolean;
  readonly is_halted: boolean;
}

/** Fewer runs say nothing about what is usual. */
const LEAST_COMPARED = 3;

/** A row as a job. */
export function toJobFacts(row: JobFactsRow): JobFacts {
  const { preset: name } = row.spec.task.window;
  return {
    now: row.now,
    jobId: row.id,
    project: row.project as ProjectName,
    namespace: row.namespace as NamespaceName,
    job: row.job as JobName,
    deletedAt: row.deleted_at ?? undefined,
    version: { number: row.number, deployedAt: row.deployed_at },
    spec: row.spec,
    presets: name && row.preset ? { [name]: row.preset } : {},
    isPaused: row.is_paused,
    nextScheduledAt: row.next_scheduled_at ?? undefined,
    lastScheduledAt: row.last_scheduled_at ?? undefined,
    limits: { namespace: toLimit(row.namespace_limit), project: toLimit(row.project_limit) },
    leadUntil: row.lead_until ?? undefined,
    removedUntil: row.removed_until ?? undefined,
  };
}

/** As a claim reads it: what is no number limits nothing. */
function toLimit(text: string | null): number | undefined {
  return text !== null && /^[0-9]{1,9}$/.test(text) ? Number(text) : undefined;
}

/** A row as a run with its instances. */
export function toRunFacts(row: RunFactsRow, rows: readonly InstanceFactsRow[]): RunFacts {
  const groups = [...Map.groupBy(rows, ({ id }) => id).values()];
  return {
    ...toRun(row),
    version: { number: row.number, deployedAt: row.deployed_at },
    maxTries: 1 + (row.retries ?? 0),
    instances: groups.flatMap(([first, ...rest]) =>
      first ? [toInstanceFacts(first, [first, ...rest])] : [],
    ),
    isHeld: row.is_held,
    probes: (row.probes ?? []).map(toProbeFacts),
    othersUnfinished: row.others,
  };
}

function toProbeFacts(probe: NonNullable<RunFactsRow['probes']>[number]): ProbeFacts {
  const { kind, name, target, tries, outcome, next_probe_at: nextProbeAt } = probe;
  return { kind: kind as ProbeKind, name, target, tries, outcome, nextProbeAt: new Date(nextProbeAt) };
}

function toInstanceFacts(row: InstanceFactsRow, group: readonly InstanceFactsRow[]): InstanceFacts {
  return {
    id: row.id,
    type: row.type as InstanceType,
    name: row.name,
    role: row.role as InstanceRole,
    state: row.state as InstanceState,
    position: row.position,
    readyAt: row.ready_at,
    message: row.reason,
    tries: row.tries,
    attempts: group.flatMap(toAttemptFacts),
  };
}

function toAttemptFacts(row: InstanceFactsRow): readonly AttemptFacts[] {
  if (row.attempt_id === null) return [];
  const attempt: AttemptFacts = {
    id: row.attempt_id,
    number: row.number,
    state: row.attempt_state as AttemptState,
    exitCode: row.exit_code ?? undefined,
    message: row.message,
    startedAt: row.started_at,
    finishedAt: row.finished_at ?? undefined,
    hostId: row.host_id,
    leaseExpiresAt: row.lease_expires_at,
    deadlineAt: row.deadline_at ?? undefined,
    outcome: (row.outcome as OutcomeName | null) ?? undefined,
    errorCode: (row.error_code as ErrorCode | null) ?? undefined,
  };
  return [attempt];
}

/** A row as what goes on around a run. */
export function toSurroundings(row: SurroundingsRow): RunSurroundings {
  const { usual_runs: runs, usual_duration_ms: durationMs, usual_delay_ms: delayMs } = row;
  const isKnown = runs >= LEAST_COMPARED && durationMs !== null;
  return {
    usual: isKnown ? { runs, durationMs, delayMs: delayMs ?? undefined } : undefined,
    liveAttempts: row.live_attempts,
    before: toActiveRuns(row.before_it),
    pool: toPoolFacts(row),
    active: {
      job: toActiveRuns(row.active_of_job),
      namespace: toActiveRuns(row.active_of_namespace),
      project: toActiveRuns(row.active_of_project),
    },
  };
}

function toPoolFacts({
  pool,
  pool_of_namespace: inNamespace,
  pool_of_project: inProject,
}: SurroundingsRow): PoolFacts | undefined {
  if (!pool) return undefined;
  return {
    key: pool.key,
    sizes: { namespace: toLimit(pool.namespace_size), project: toLimit(pool.project_size) },
    active: { namespace: toActiveRuns(inNamespace), project: toActiveRuns(inProject) },
  };
}

function toActiveRuns({ count, runs }: ActiveRow): ActiveRuns {
  return {
    count,
    runs: runs.map(({ project, job, scheduled_at: at }) => ({
      project: project as ProjectName,
      job: job as JobName,
      scheduledAt: new Date(at),
    })),
  };
}

/** A row as a wait. */
export function toWaitEdge(row: WaitEdgeRow): WaitEdge {
  return {
    runId: row.run_id,
    upstream: {
      project: row.project as ProjectName,
      job: row.job as JobName,
      scheduledAt: row.scheduled_at,
    },
    upstreamJobId: row.upstream_job_id,
    upstreamRunId: row.upstream_run_id ?? undefined,
    state: (row.state as RunState | null) ?? undefined,
    isPast: row.is_past,
    isHalted: row.is_halted,
  };
}
