import type {
  InstanceType,
  JobEvent,
  JobName,
  NamespaceName,
  ProjectName,
  RunChange,
  RunState,
} from '@optimus/domain';

/** A change with the names around it. */
export interface ChangeRow {
  /** Null where there is no change, and then everything else is. */
  readonly id: string | null;
  readonly run_id: string;
  readonly state: string;
  readonly message: string;
  readonly created_at: Date;
  readonly event: (Omit<JobEvent, 'happenedAt'> & { readonly happenedAt?: string }) | null;
  readonly previous_state: string | null;
  readonly project: string;
  readonly namespace: string;
  readonly job: string;
  readonly scheduled_at: Date;
  readonly attempt_id: string | null;
  readonly number: number | null;
  readonly type: string | null;
  readonly name: string | null;
}

/** A row as a change. */
export function toRunChange(row: ChangeRow): RunChange {
  return {
    id: row.id ?? '',
    runId: row.run_id,
    project: row.project as ProjectName,
    namespace: row.namespace as NamespaceName,
    job: row.job as JobName,
    scheduledAt: row.scheduled_at,
    state: row.state as RunState,
    previousState: row.previous_state === null ? undefined : (row.previous_state as RunState),
    message: row.message,
    changedAt: row.created_at,
    attempt: toChangedAttempt(row),
    ...(row.event && { event: toJobEvent(row.event) }),
  };
}

function toJobEvent({ happenedAt, ...event }: NonNullable<ChangeRow['event']>): JobEvent {
  return { ...event, happenedAt: happenedAt === undefined ? undefined : new Date(happenedAt) };
}

function toChangedAttempt({ attempt_id: id, number, type, name }: ChangeRow): RunChange['attempt'] {
  if (id === null || number === null || type === null || name === null) return undefined;
  return { id, instance: { type: type as InstanceType, name }, number };
}
