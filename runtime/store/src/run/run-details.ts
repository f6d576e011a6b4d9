import type { JobName, OpenWait, ProjectName, RunDetail, RunState } from '@optimus/domain';
import { sql } from 'kysely';
import type { Database } from '../database/database.ts';
import { listOpenProbes } from './probe-details.ts';
import { type RunRow, toRunDetails } from './run-row.ts';

/** The runs with their instances, attempts, open waits and probes, in the same order: three more queries, however many there are. */
export async function loadRunDetails(
  database: Database,
  runs: readonly RunRow[],
): Promise<readonly RunDetail[]> {
  if (runs.length === 0) return [];
  const waiting = runs.filter(({ state }) => state === 'wait_upstream').map(({ id }) => id);
  const [rows, waits, probes] = await Promise.all([
    listInstances(
      database,
      runs.map(({ id }) => id),
    ),
    listOpenWaits(database, waiting),
    listOpenProbes(database, waiting),
  ]);
  return toRunDetails(runs, rows).map((run) => {
    const [open, asked] = [waits.get(run.id), probes.get(run.id)];
    return { ...run, ...(open && { waits: open }), ...(asked && { probes: asked }) };
  });
}

function listInstances({ queries }: Database, runIds: readonly string[]) {
  return queries
    .selectFrom('run_instance')
    .leftJoin('attempt', 'attempt.instance_id', 'run_instance.id')
    .select(['run_instance.run_id', 'run_instance.id', 'run_instance.type', 'run_instance.name'])
    .select(['run_instance.role', 'run_instance.state', 'attempt.id as attempt_id', 'attempt.number'])
    .select(['attempt.state as attempt_state', 'attempt.exit_code', 'attempt.message'])
    .select(['attempt.started_at', 'attempt.finished_at', 'attempt.host_id'])
    .where('run_instance.run_id', 'in', runIds)
    .orderBy('run_instance.run_id')
    .orderBy('run_instance.position')
    .orderBy('run_instance.id')
    .orderBy('attempt.number')
    .execute();
}

const MOST_WAITS = 100;

interface WaitRow {
  readonly run_id: string;
  readonly project: string;
  readonly job: string;
  readonly scheduled_at: Date;
  readonly state: string | null;
}

async function listOpenWaits(
  { queries }: Database,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, readonly OpenWait[]>> {
  if (runIds.length === 0) return new Map();
  const { rows } = await sql<WaitRow>`
    SELECT wait.run_id, project.name AS project, job.name AS job, wait.upstream_scheduled_at AS scheduled_at, run.state
    FROM unnest(${runIds}::bigint[]) AS waiting (id) CROSS JOIN LATERAL (
      SELECT * FROM run_wait WHERE run_id = waiting.id ORDER BY upstream_job_id, upstream_scheduled_at LIMIT ${MOST_WAITS}
    ) wait JOIN job ON job.id = wait.upstream_job_id JOIN project ON project.id = job.project_id
    LEFT JOIN run ON run.job_id = wait.upstream_job_id AND run.scheduled_at = wait.upstream_scheduled_at
    ORDER BY project.name, job.name, wait.upstream_scheduled_at`.execute(queries);
  return new Map(
    [...Map.groupBy(rows, (row) => row.run_id)].map(([id, waits]) => [id, waits.map(toOpenWait)]),
  );
}

function toOpenWait({ project, job, scheduled_at: scheduledAt, state }: WaitRow): OpenWait {
  return {
    project: project as ProjectName,
    job: job as JobName,
    scheduledAt,
    state: state === null ? undefined : (state as RunState),
  };
}
