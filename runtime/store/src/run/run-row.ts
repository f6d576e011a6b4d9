import type {
  AdoptedAttempt,
  Attempt,
  AttemptState,
  ClaimedAttempt,
  EndingAttempt,
  Instance,
  InstanceKey,
  InstanceRole,
  InstanceState,
  InstanceType,
  Interval,
  JobName,
  NamespaceName,
  ProjectName,
  Run,
  RunDetail,
  RunState,
} from '@optimus/domain';

/** A run with the names of its tenant and job. */
export interface RunRow {
  readonly id: string;
  readonly job_id: string;
  readonly version_id: string;
  readonly project: string;
  readonly namespace: string;
  readonly job: string;
  readonly scheduled_at: Date;
  readonly window_start: Date;
  readonly window_end: Date;
  readonly window_location: string;
  readonly state: string;
  readonly execution_time: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
  readonly message: string;
}

/** An instance and, where it has any, one of its attempts. */
export interface InstanceRow {
  readonly run_id: string;
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly role: string;
  readonly state: string;
  readonly attempt_id: string | null;
  readonly number: number | null;
  readonly attempt_state: string | null;
  readonly exit_code: number | null;
  readonly message: string | null;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
  readonly host_id: string | null;
}

/** The columns that {@link CLAIMED_COLUMNS} selects. */
export interface ClaimedRow {
  readonly attempt_id: string;
  readonly fence: string;
  readonly run_id: string;
  readonly instance_id: string;
  readonly type: string;
  readonly name: string;
  readonly number: number;
  readonly version_id: string;
  readonly project: string;
  readonly namespace: string;
  readonly job: string;
  readonly scheduled_at: Date;
  readonly window_start: Date;
  readonly window_end: Date;
  readonly window_location: string;
  readonly execution_time: Date;
  readonly has_deadline: boolean;
  readonly waited_ms: number;
  readonly handle: unknown;
}

/** An attempt that has to end, now when it has a reason. */
export interface EndingRow {
  readonly id: string;
  readonly fence: string;
  readonly due_in_ms: number | null;
  readonly reason: string | null;
}

/** The columns that tell one instance. */
export type InstanceKeyRow = Pick<ClaimedRow, 'project' | 'job' | 'scheduled_at' | 'type' | 'name'>;

/** SQL: what starting or adopting an attempt needs, from `taken` (a row an attempt) and {@link CLAIMED_JOINS}. */
export const CLAIMED_COLUMNS = `
  taken.id AS attempt_id, taken.fence, taken.number, taken.handle, instance.id AS instance_id, instance.type, instance.name,
  run.id AS run_id, run.version_id, run.scheduled_at, run.window_start, run.window_end, run.window_location, run.execution_time, run.priority,
  taken.deadline_at IS NOT NULL AS has_deadline, extract(epoch FROM now() - instance.ready_at)::float8 * 1000 AS waited_ms,
  project.name AS project, namespace.name AS namespace, job.name AS job`;

/** SQL: the tables around `taken`. */
export const CLAIMED_JOINS = `
  JOIN run_instance instance ON instance.id = taken.instance_id JOIN run ON run.id = instance.run_id
  JOIN job ON job.id = run.job_id JOIN project ON project.id = job.project_id JOIN namespace ON namespace.id = run.namespace_id`;

/** The window of a row. */
function toInterval(row: Pick<RunRow, 'window_start' | 'window_end' | 'window_location'>): Interval {
  const { window_start: start, window_end: end, window_location: location } = row;
  return location === '' ? { start, end } : { start, end, location };
}

/** A row as a run. */
export function toRun(row: RunRow): Run {
  return {
    id: row.id,
    jobId: row.job_id,
    versionId: row.version_id,
    project: row.project as ProjectName,
    namespace: row.namespace as NamespaceName,
    job: row.job as JobName,
    scheduledAt: row.scheduled_at,
    window: toInterval(row),
    state: row.state as RunState,
    executionTime: row.execution_time,
    startedAt: row.started_at ?? undefined,
    finishedAt: row.finished_at ?? undefined,
    message: row.message,
  };
}

/** Runs with the instances and attempts of the rows, which are sorted by position and number. */
export function toRunDetails(runs: readonly RunRow[], rows: readonly InstanceRow[]): readonly RunDetail[] {
  const byRun = Map.groupBy(rows, (row) => row.run_id);
  return runs.map((run) => ({ ...toRun(run), instances: toInstances(byRun.get(run.id) ?? []) }));
}

/** A row as the address of an instance. */
export function toInstanceKey(row: InstanceKeyRow): InstanceKey {
  return {
    project: row.project as ProjectName,
    job: row.job as JobName,
    scheduledAt: row.scheduled_at,
    instance: { type: row.type as InstanceType, name: row.name },
  };
}

/** A row as an attempt to start. */
export function toClaimedAttempt(row: ClaimedRow): ClaimedAttempt {
  return {
    attemptId: row.attempt_id,
    fence: row.fence,
    runId: row.run_id,
    instanceId: row.instance_id,
    instance: { type: row.type as InstanceType, name: row.name },
    number: row.number,
    versionId: row.version_id,
    project: row.project as ProjectName,
    namespace: row.namespace as NamespaceName,
    job: row.job as JobName,
    scheduledAt: row.scheduled_at,
    window: toInterval(row),
    executionTime: row.execution_time,
    hasDeadline: row.has_deadline,
    waitedMs: row.waited_ms,
  };
}

/** A row as an attempt that has to end now; none when its time has not come. */
export function toEnding({ id, fence, reason }: EndingRow): readonly EndingAttempt[] {
  return reason === null ? [] : [{ attemptId: id, fence, reason: reason as EndingAttempt['reason'] }];
}

/** A row as an attempt that was taken over. */
export function toAdoptedAttempt(row: ClaimedRow): AdoptedAttempt {
  return { ...toClaimedAttempt(row), handle: row.handle ?? undefined };
}

function toInstances(rows: readonly InstanceRow[]): readonly Instance[] {
  return [...Map.groupBy(rows, (row) => row.id).values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [toInstance(first, group)];
  });
}

function toInstance(row: InstanceRow, group: readonly InstanceRow[]): Instance {
  const { id, name } = row;
  const attempts = group.flatMap(toAttempts);
  return {
    id,
    type: row.type as InstanceType,
    name,
    role: row.role as InstanceRole,
    state: row.state as InstanceState,
    attempts,
  };
}

/** An instance without attempts still has its row, with nothing on the attempt's side. */
function toAttempts(row: InstanceRow): readonly Attempt[] {
  if (row.attempt_id === null || row.number === null || row.started_at === null) return [];
  return [
    {
      id: row.attempt_id,
      number: row.number,
      state: row.attempt_state as AttemptState,
      exitCode: row.exit_code ?? undefined,
      message: row.message ?? '',
      startedAt: row.started_at,
      finishedAt: row.finished_at ?? undefined,
      hostId: row.host_id ?? '',
    },
  ];
}
