import {
  type AdoptedAttempt,
  type AttemptClaim,
  type AttemptOutcome,
  type Claim,
  type EarlyEnd,
  type Endings,
  type InstanceKey,
  type JobKey,
  type NextStep,
  type PlannedRun,
  type RerunRequest,
  type Run,
  type RunDetail,
  type RunKey,
  type RunQuery,
  type RunStore,
  type ServerIdentity,
} from '@optimus/domain';
import type { Database } from '../database/database.ts';
import { CLAIM, LOCK_CLAIMS } from './claim-statements.ts';
import { HOLD_RUNS, LIST_ENDING, SET_PAUSED } from './control-statements.ts';
import { endRunEarly, rerunRun } from './control-steps.ts';
import {
  type ClaimedRow,
  type EndingRow,
  type InstanceKeyRow,
  type RunRow,
  toAdoptedAttempt,
  toClaimedAttempt,
  toEnding,
  toInstanceKey,
  toRun,
  toRunDetails,
} from './run-row.ts';
import {
  ADOPT,
  ADOPT_EXPIRED,
  COUNT_ENDED,
  CREATE,
  FIND_LAST,
  FIND_LIVE_INSTANCE,
  FIND_RUN,
  MARK_RUNNING,
  RENEW_LEASES,
} from './run-statements.ts';
import { admit, finishAttempt, staleError } from './run-steps.ts';

/** Runs in PostgreSQL. */
export class PostgresRunStore implements RunStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async create({ jobId, versionId, scheduledAt, window, priority }: PlannedRun): Promise<boolean> {
    const values = [jobId, versionId, scheduledAt, window.start, window.end, window.location ?? '', priority];
    return (await this.#database.run(CREATE, values)).length > 0;
  }

  async find(key: RunKey): Promise<Run | undefined> {
    const [row] = await this.#database.run<RunRow>(FIND_RUN, [key.project, key.job, key.scheduledAt]);
    return row && toRun(row);
  }

  async findDetail(key: RunKey): Promise<RunDetail | undefined> {
    const rows = await this.#selectAt(key).execute();
    return (await this.#loadDetails(rows))[0];
  }

  async findLast(key: JobKey): Promise<Run | undefined> {
    const [row] = await this.#database.run<RunRow>(FIND_LAST, [key.project, key.job]);
    return row && toRun(row);
  }

  async list(query: RunQuery): Promise<readonly RunDetail[]> {
    const { states, since, until, before } = query;
    let page = this.#select(query);
    if (states !== undefined) page = page.where('run.state', 'in', states.length > 0 ? states : ['none']);
    if (since !== undefined) page = page.where('run.scheduled_at', '>=', since);
    if (until !== undefined) page = page.where('run.scheduled_at', '<=', until);
    if (before !== undefined) page = page.where('run.scheduled_at', '<', before);
    const rows = await page.orderBy('run.scheduled_at', 'desc').limit(query.limit).execute();
    return await this.#loadDetails(rows);
  }

  async findLiveInstance(attemptId: string): Promise<InstanceKey | undefined> {
    const [row] = await this.#database.run<InstanceKeyRow>(FIND_LIVE_INSTANCE, [attemptId]);
    return row && toInstanceKey(row);
  }

  async claim(
    server: ServerIdentity,
    options: { readonly limit: number; readonly leaseMs: number },
  ): Promise<Claim> {
    const values = [server.hostId, server.serverId, options.leaseMs, options.limit];
    const rows = await this.#database.step(async (run) => {
      await run(LOCK_CLAIMS, []);
      return await run<ClaimedRow & { next_ready_in_ms: number | null }>(CLAIM, values);
    });
    const attempts = rows.filter((row) => row.attempt_id !== null).map(toClaimedAttempt);
    return { attempts, nextReadyInMs: rows[0]?.next_ready_in_ms ?? undefined };
  }

  async markRunning(claim: AttemptClaim, handle: unknown): Promise<void> {
    const values = [claim.attemptId, claim.fence, handle === undefined ? null : JSON.stringify(handle)];
    const rows = await this.#database.run(MARK_RUNNING, values);
    if (rows.length === 0) throw staleError(claim);
  }

  async renewLeases(
    server: ServerIdentity,
    leaseMs: number,
    knownIds?: readonly string[],
  ): Promise<readonly string[]> {
    const values = [server.hostId, server.serverId, leaseMs, knownIds ?? null];
    const rows = await this.#database.run<{ id: string }>(RENEW_LEASES, values);
    return rows.map((row) => row.id);
  }

  async countEnded(claim: AttemptClaim): Promise<{ readonly failed: number; readonly lost: number }> {
    const rows = await this.#database.run<{ failed: number; lost: number }>(COUNT_ENDED, [claim.attemptId]);
    return rows[0] ?? { failed: 0, lost: 0 };
  }

  async finish(claim: AttemptClaim, outcome: AttemptOutcome, next: NextStep): Promise<void> {
    await this.#database.step((run) => finishAttempt(run, { claim, outcome, next }));
  }

  async endEarly(key: RunKey, end: EarlyEnd): Promise<Run | undefined> {
    const isEnded = await this.#database.step((run) => endRunEarly(run, key, end));
    return isEnded ? await this.find(key) : undefined;
  }

  async rerun(key: RunKey, request: RerunRequest): Promise<Run | undefined> {
    const isReady = await this.#database.step((run) => rerunRun(run, key, request));
    return isReady ? await this.find(key) : undefined;
  }

  setPaused({ project, job }: JobKey, isPaused: boolean): Promise<boolean> {
    return this.#database.step(async (run) => {
      const [paused] = await run<{ job_id: string }>(SET_PAUSED, [project, job, isPaused]);
      if (!paused) return false;
      if (isPaused) await run(HOLD_RUNS, [paused.job_id]);
      else await admit(run, [paused.job_id]);
      return true;
    });
  }

  async listEnding({ hostId, serverId }: ServerIdentity): Promise<Endings> {
    const rows = await this.#database.run<EndingRow>(LIST_ENDING, [hostId, serverId]);
    const waits = rows.filter(({ reason }) => reason === null).map((row) => row.due_in_ms ?? 0);
    return { attempts: rows.flatMap(toEnding), nextInMs: waits.length > 0 ? Math.min(...waits) : undefined };
  }

  async adopt(server: ServerIdentity, leaseMs: number): Promise<readonly AdoptedAttempt[]> {
    const rows = await this.#database.run<ClaimedRow>(ADOPT, [server.hostId, server.serverId, leaseMs]);
    return rows.map(toAdoptedAttempt);
  }

  async adoptExpired(
    server: ServerIdentity,
    options: { readonly leaseMs: number; readonly graceMs: number; readonly limit: number },
  ): Promise<readonly AdoptedAttempt[]> {
    const values = [server.hostId, server.serverId, options.leaseMs, options.graceMs, options.limit];
    return (await this.#database.run<ClaimedRow>(ADOPT_EXPIRED, values)).map(toAdoptedAttempt);
  }

  #selectAt(key: RunKey) {
    return this.#select(key).where('run.scheduled_at', '=', key.scheduledAt);
  }

  #select({ project, job }: Pick<RunKey, 'project' | 'job'>) {
    return this.#database.queries
      .selectFrom('run')
      .innerJoin('job', 'job.id', 'run.job_id')
      .innerJoin('project', 'project.id', 'job.project_id')
      .innerJoin('namespace', 'namespace.id', 'run.namespace_id')
      .select(['project.name as project', 'namespace.name as namespace', 'job.name as job'])
      .select([
        'run.id',
        'run.job_id',
        'run.version_id',
        'run.scheduled_at',
        'run.window_start',
        'run.window_end',
        'run.window_location',
      ])
      .select(['run.state', 'run.execution_time', 'run.started_at', 'run.finished_at', 'run.message'])
      .where('project.name', '=', project)
      .where('job.name', '=', job);
  }

  async #loadDetails(runs: readonly RunRow[]): Promise<readonly RunDetail[]> {
    if (runs.length === 0) return [];
    const rows = await this.#database.queries
      .selectFrom('run_instance')
      .leftJoin('attempt', 'attempt.instance_id', 'run_instance.id')
      .select([
        'run_instance.run_id',
        'run_instance.id',
        'run_instance.type',
        'run_instance.name',
        'run_instance.role',
        'run_instance.state',
      ])
      .select([
        'attempt.id as attempt_id',
        'attempt.number',
        'attempt.state as attempt_state',
        'attempt.exit_code',
      ])
      .select(['attempt.message', 'attempt.started_at', 'attempt.finished_at'])
      .where(
        'run_instance.run_id',
        'in',
        runs.map((run) => run.id),
      )
      .orderBy('run_instance.run_id')
      .orderBy('run_instance.position')
      .orderBy('attempt.number')
      .execute();
    return toRunDetails(runs, rows);
  }
}
