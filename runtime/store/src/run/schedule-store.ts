import type {
  DueJob,
  DueJobs,
  JobSpec,
  Preset,
  ScheduleAdvance,
  ScheduleStore,
  UpstreamJob,
} from '@optimus/domain';
import type { Database, RunStatement } from '../database/database.ts';
import type { StoredSpec } from '../job/job-row.ts';

import { type CreatedRun, endOverlapping, lockCancelable } from './overlap-steps.ts';

import { ANNOUNCE_PROBES } from './probe-statements.ts';

import { admit, type BegunRow } from './run-steps.ts';

import { ADVANCE, LIST_DUE } from './schedule-statements.ts';
import { LIST_WAITED_IN_VAIN, LOCK_TO_MEET, LOCK_TO_WAIT, MEET_PASSED } from './wait-statements.ts';

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
  readonly last_scheduled_at: Date | null;
  readonly level: number;
  readonly upstreams: readonly UpstreamRow[] | null;
  readonly unwritten: readonly string[] | null;
}

/** An upstream as LIST_DUE gives it. */
interface UpstreamRow {
  readonly job_id: string;
  readonly version: number;
  readonly schedule: JobSpec['schedule'];
  readonly window: JobSpec['task']['window'];
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
    const waits = runs.flatMap(toWaitRows);
    const jobIds = advances.map(({ jobId }) => jobId);
    const upstreamIds = [...new Set(waits.map((wait) => wait.upstream_job_id))];
    const probes = runs.flatMap(toProbeRows);
    const tables = [advances.map(toCursorRow), runs.map(toRunRow), waits, probes];
    await this.#database.step(async (run) => {
      await lockCancelable(run, advances);
      if (upstreamIds.length > 0) await run(LOCK_TO_WAIT, [upstreamIds]);
      const values = tables.map((rows) => JSON.stringify(rows));
      await endOverlapping(run, advances, await run<CreatedRun>(ADVANCE, values));
      if (probes.length > 0) await run(ANNOUNCE_PROBES, []);
      await meetPassed(run, jobIds);
      await admit(run, jobIds);
    });
  }

  async dropVainWaits(): Promise<void> {
    const jobs = await this.#database.run<{ id: string }>(LIST_WAITED_IN_VAIN, []);
    if (jobs.length === 0) return;
    await this.#database.step((run) =>
      meetPassed(
        run,
        jobs.map(({ id }) => id),
      ),
    );
  }
}

async function meetPassed(run: RunStatement, jobIds: readonly string[]): Promise<void> {
  await run(LOCK_TO_MEET, [jobIds]);
  const begun = await run<BegunRow>(MEET_PASSED, [jobIds]);
  await admit(
    run,
    begun.filter((row) => row.is_limited).map((row) => row.job_id),
  );
}

function toDueJobs(row: DueRow): readonly DueJob[] {
  const { job_id: jobId, version_id: versionId, spec, next_scheduled_at: nextScheduledAt } = row;
  if (jobId === null) return [];
  const job: DueJob = {
    jobId,
    versionId,
    spec,
    nextScheduledAt,
    level: row.level,
    ...toPresets(spec.task.window, row.preset),
    ...(row.last_scheduled_at && { lastScheduledAt: row.last_scheduled_at }),
    ...(row.upstreams && { upstreams: row.upstreams.map(toUpstream) }),
    ...(row.unwritten && { unwritten: row.unwritten }),
  };
  return [job];
}

function toUpstream({ job_id: jobId, version, schedule, window, preset }: UpstreamRow): UpstreamJob {
  return {
    jobId,
    spec: { version, schedule, task: { name: '', config: [], window } },
    ...toPresets(window, preset),
  };
}

function toPresets(
  { preset: name }: JobSpec['task']['window'],
  preset: Preset | null,
): Pick<DueJob, 'presets'> {
  return name && preset ? { presets: { [name]: preset } } : {};
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

function toProbeRows({ jobId, scheduledAt, probes = [] }: ScheduleAdvance['runs'][number]) {
  return probes.map(({ kind, name, target }) => ({
    job_id: jobId,
    scheduled_at: scheduledAt,
    kind,
    name,
    target,
  }));
}

interface WaitRow {
  readonly job_id: string;
  readonly scheduled_at: Date;
  readonly upstream_job_id: string;
  readonly upstream_scheduled_at: Date;
}

function toWaitRows({ jobId, scheduledAt, waits = [] }: ScheduleAdvance['runs'][number]): readonly WaitRow[] {
  return waits.map((wait) => ({
    job_id: jobId,
    scheduled_at: scheduledAt,
    upstream_job_id: wait.jobId,
    upstream_scheduled_at: wait.scheduledAt,
  }));
}
