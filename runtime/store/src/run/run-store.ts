import {
  type AdoptedAttempt,
  type AdoptionOptions,
  type AttemptClaim,
  type AttemptOutcome,
  type Claim,
  type EarlyEnd,
  type EndedClaim,
  type Endings,
  type FinishedStep,
  type InstanceKey,
  type JobKey,
  type NextStep,
  type PlannedRun,
  type ProjectRunQuery,
  type RemovedRuns,
  type RerunRequest,
  RUN_STATES,
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
  FIND_LAST,
  FIND_REMOVED,
  FIND_RUN,
  LIST_NEWEST,
  LIST_OF_JOB,
  LIST_OF_JOB_BY_STATE,
} from './list-statements.ts';
import { loadRunDetails } from './run-details.ts';
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
} from './run-row.ts';
import {
  ADOPT,
  ADOPT_EXPIRED,
  COUNT_ENDED,
  CREATE,
  FIND_LIVE_INSTANCE,
  MARK_RUNNING,
  NOTE,
  RENEW_LEASES,
} from './run-statements.ts';
import { admit, finishAttempt, settleOverdue, staleError, toStoredMessage } from './run-steps.ts';
import { FIND_NEXT_OVERDUE } from './settle-statements.ts';

/** A claimed attempt, or none, beside what is the same in every row. */
type ClaimRow = ClaimedRow & { readonly next_ready_in_ms: number | null };

/** Runs in PostgreSQL. */
export class PostgresRunStore implements RunStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async create({ jobId, versionId, scheduledAt, window, priority }: PlannedRun): Promise<boolean> {
    const values = [jobId, versionId, scheduledAt, window.start, window.end, window.location ?? '', priority];
    return this.#database.step(async (run) => {
      if ((await run(CREATE, values)).length === 0) return false;
      await admit(run, [jobId]);
      return true;
    });
  }

  async find(key: RunKey): Promise<Run | undefined> {
    const [row] = await this.#database.run<RunRow>(FIND_RUN, [key.project, key.job, key.scheduledAt]);
    return row && toRun(row);
  }

  async findDetail(key: RunKey): Promise<RunDetail | undefined> {
    const rows = await this.#database.run<RunRow>(FIND_RUN, [key.project, key.job, key.scheduledAt]);
    return (await loadRunDetails(this.#database, rows))[0];
  }

  async findLast(key: JobKey): Promise<Run | undefined> {
    const [row] = await this.#database.run<RunRow>(FIND_LAST, [key.project, key.job]);
    return row && toRun(row);
  }

  async list({ project, job, states, since, until, before, limit }: RunQuery): Promise<readonly RunDetail[]> {
    const values = [project, job, since ?? null, until ?? null, before ?? null, limit];
    const rows = await (states === undefined
      ? this.#database.run<RunRow>(LIST_OF_JOB, values)
      : this.#database.run<RunRow>(LIST_OF_JOB_BY_STATE, [...values, states]));
    return await loadRunDetails(this.#database, rows);
  }

  async listNewest({
    project,
    namespace,
    states = RUN_STATES,
    limit,
    beforeId,
  }: ProjectRunQuery): Promise<readonly RunDetail[]> {
    const values = [project, namespace ?? null, states, beforeId ?? null, limit];
    return await loadRunDetails(this.#database, await this.#database.run<RunRow>(LIST_NEWEST, values));
  }

  async findRemoved({ project, job }: JobKey): Promise<RemovedRuns | undefined> {
    const [removed] = await this.#database.run<RemovedRuns & object>(FIND_REMOVED, [project, job]);
    return removed;
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
      const [, claimed] = await Promise.all([run(LOCK_CLAIMS, []), run<ClaimRow>(CLAIM, values)]);
      return claimed;
    });
    const attempts = rows.filter((row) => row.attempt_id !== null).map(toClaimedAttempt);
    return { attempts, nextReadyInMs: rows[0]?.next_ready_in_ms ?? undefined };
  }

  async note(claim: AttemptClaim, message: string): Promise<void> {
    const values = [claim.attemptId, claim.fence, toStoredMessage(message)];
    if ((await this.#database.run(NOTE, values)).length === 0) throw staleError(claim);
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

  async finish(claim: EndedClaim, outcome: AttemptOutcome, next: NextStep): Promise<FinishedStep> {
    return await this.#database.step((run) => finishAttempt(run, { claim, outcome, next }));
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

  async settleOverdue(): Promise<number | undefined> {
    if (await this.#database.step(settleOverdue)) return 0;
    const [next] = await this.#database.run<{ due_in_ms: number | null }>(FIND_NEXT_OVERDUE, []);
    return next?.due_in_ms ?? undefined;
  }

  async adopt(server: ServerIdentity, leaseMs: number): Promise<readonly AdoptedAttempt[]> {
    const rows = await this.#database.run<ClaimedRow>(ADOPT, [server.hostId, server.serverId, leaseMs]);
    return rows.map(toAdoptedAttempt);
  }

  async adoptExpired(
    server: ServerIdentity,
    { leaseMs, graceMs, limit, longestLeaseMs, clock }: AdoptionOptions,
  ): Promise<readonly AdoptedAttempt[]> {
    const { hostId, serverId } = server;
    const { at = null, toleranceMs = 0 } = clock ?? {};
    const values = [hostId, serverId, leaseMs, graceMs, limit, longestLeaseMs, at, toleranceMs];
    return (await this.#database.run<ClaimedRow>(ADOPT_EXPIRED, values)).map(toAdoptedAttempt);
  }
}
