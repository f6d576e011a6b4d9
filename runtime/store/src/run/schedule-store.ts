import type { DueJob, DueJobs, Preset, ScheduleAdvance, ScheduleStore } from '@optimus/domain';
import type { Database, Statement } from '../database/database.ts';
import type { StoredSpec } from '../job/job-row.ts';
import { COMPLETE_CREATED, CREATED_COLUMNS } from './create-statements.ts';

/** $1 limit. At least one row, which has no job when none is due. */
const LIST_DUE: Statement = {
  name: 'schedule_list_due',
  text: `
    WITH due AS (
      SELECT job_id, next_scheduled_at FROM job_schedule WHERE next_scheduled_at <= now()
      ORDER BY next_scheduled_at, job_id LIMIT $1
    ), clock AS (
      SELECT now() AS now, min(next_scheduled_at) AS next_due_at FROM job_schedule WHERE next_scheduled_at > now()
    )
    SELECT clock.now, clock.next_due_at, due.job_id, due.next_scheduled_at, job.version_id, job_version.spec,
      project.presets -> (job_version.spec -> 'task' -> 'window' ->> 'preset') AS preset
    FROM clock LEFT JOIN (due JOIN job ON job.id = due.job_id JOIN job_version ON job_version.id = job.version_id
      JOIN project ON project.id = job.project_id) ON true
    ORDER BY due.next_scheduled_at, due.job_id`,
};

/** $1 cursors, $2 runs, both as JSON. The job and its cursor are locked first, as a deployment locks them and always in the order of jobs, so that none wait for each other in a circle. What a deployment changed meanwhile is seen then: its schedule must not be passed by ticks of the one before. */
const ADVANCE: Statement = {
  name: 'schedule_advance',
  text: `
    WITH wanted AS (
      SELECT * FROM jsonb_to_recordset($1::jsonb) AS w (job_id bigint, version_id bigint, from_at timestamptz, to_at timestamptz, last_at timestamptz)
    ), locked AS MATERIALIZED (
      SELECT wanted.job_id, from_at, to_at, last_at
      FROM wanted JOIN job ON job.id = wanted.job_id JOIN job_schedule ON job_schedule.job_id = job.id
      WHERE next_scheduled_at = from_at AND job.version_id = wanted.version_id
      ORDER BY wanted.job_id FOR NO KEY UPDATE OF job FOR UPDATE OF job_schedule
    ), moved AS (
      UPDATE job_schedule SET next_scheduled_at = to_at, last_scheduled_at = greatest(last_scheduled_at, last_at)
      FROM locked WHERE job_schedule.job_id = locked.job_id
      RETURNING job_schedule.job_id
    ), planned AS (
      SELECT * FROM jsonb_to_recordset($2::jsonb) AS p (job_id bigint, version_id bigint, scheduled_at timestamptz,
        window_start timestamptz, window_end timestamptz, window_location text, priority integer)
    ), created AS (
      INSERT INTO run (job_id, version_id, namespace_id, scheduled_at, window_start, window_end, window_location, priority, state)
      SELECT job.id, planned.version_id, job.namespace_id, scheduled_at, window_start, window_end, window_location, priority, 'queued'
      FROM planned JOIN moved USING (job_id) JOIN job ON job.id = moved.job_id
      ORDER BY scheduled_at, job.id
      ON CONFLICT (job_id, scheduled_at) DO NOTHING
      RETURNING ${CREATED_COLUMNS}
    ), ${COMPLETE_CREATED}`,
};

/** A row of {@link LIST_DUE}; the job's columns are null together. */
interface DueRow {
  readonly now: Date;
  readonly next_due_at: Date | null;
  readonly job_id: string | null;
  readonly next_scheduled_at: Date;
  readonly version_id: string;
  readonly spec: StoredSpec;
  /** Null when the window names none, or none that the project has. */
  readonly preset: Preset | null;
}

/** The cursors of schedules in PostgreSQL. */
export class PostgresScheduleStore implements ScheduleStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async listDue(limit: number): Promise<DueJobs> {
    const rows = await this.#database.run<DueRow>(LIST_DUE, [limit]);
    const [first] = rows;
    return {
      now: first?.now ?? new Date(0),
      jobs: rows.flatMap(toDueJobs),
      nextDueAt: first?.next_due_at ?? undefined,
    };
  }

  async advance(advances: readonly ScheduleAdvance[]): Promise<void> {
    const runs = advances.flatMap((advance) => advance.runs);
    const values = [JSON.stringify(advances.map(toCursorRow)), JSON.stringify(runs.map(toRunRow))];
    await this.#database.run(ADVANCE, values);
  }
}

function toDueJobs(row: DueRow): readonly DueJob[] {
  const { job_id: jobId, version_id: versionId, spec, next_scheduled_at: nextScheduledAt, preset } = row;
  if (jobId === null) return [];
  const { preset: name } = spec.task.window;
  return [
    { jobId, versionId, spec, nextScheduledAt, ...(name && preset && { presets: { [name]: preset } }) },
  ];
}

function toCursorRow({
  jobId,
  versionId,
  from,
  to,
  runs,
}: ScheduleAdvance): Readonly<Record<string, unknown>> {
  const last = runs.map((run) => run.scheduledAt.getTime());
  const lastAt = last.length > 0 ? new Date(Math.max(...last)) : null;
  return { job_id: jobId, version_id: versionId, from_at: from, to_at: to ?? null, last_at: lastAt };
}

function toRunRow(run: ScheduleAdvance['runs'][number]): Readonly<Record<string, unknown>> {
  return {
    job_id: run.jobId,
    version_id: run.versionId,
    scheduled_at: run.scheduledAt,
    window_start: run.window.start,
    window_end: run.window.end,
    window_location: run.window.location ?? '',
    priority: run.priority,
  };
}
