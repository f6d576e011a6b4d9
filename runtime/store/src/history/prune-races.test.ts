import { type Job, parseJobName, parseNamespaceName, parseProjectName, present } from '@optimus/domain';
import { makeJobSpec, toUpsert } from '@optimus/domain/testing';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';

const TENANT = { project: parseProjectName('space'), namespace: parseNamespaceName('sky') };
const TICK = new Date('2022-09-19T02:00:00Z');
const LATER = new Date('2022-09-20T02:00:00Z');
const LAST = new Date('2022-09-21T02:00:00Z');
const PRUNE = { olderThanMs: 0, limit: 100, keep: 1 };
const ROUNDS = 30;

let test: TestDatabase;
let other: Client;
let jobs = 0;

beforeAll(async () => {
  test = await createTestDatabase({ poolSize: 10 });
  other = new Client({ connectionString: test.dsn });
  await other.connect();
  await test.store.projects.save({ name: TENANT.project, config: {} });
  await test.store.namespaces.save({ ...TENANT, name: TENANT.namespace, config: {} });
});

afterAll(async () => {
  await other.end();
  await test.drop();
});

// What a test leaves behind must not be what the next one removes.
beforeEach(() => other.query('DELETE FROM run'));

/** A job of two runs that have ended in the state: the older one may be removed. Its schedule is one tick further. */
async function makeEnded(state: 'success' | 'failed'): Promise<Job> {
  const job = await deploy();
  for (const scheduledAt of [TICK, LATER]) {
    await test.store.runs.create(toRun(job, scheduledAt));
    await test.store.runs.endEarly({ ...keyOf(job), scheduledAt }, { state, message: '' });
  }
  return job;
}

async function deploy(): Promise<Job> {
  const { project } = TENANT;
  const job = parseJobName(`job-${++jobs}`);
  const upserts = [toUpsert(TENANT, makeJobSpec({ name: job }), { nextScheduledAt: LAST })];
  await test.store.jobs.apply({ project, upserts, deletes: [], author: '' });
  return present(await test.store.jobs.find({ project, job }), 'the job');
}

function toRun({ id: jobId, versionId }: Job, scheduledAt: Date) {
  return { jobId, versionId, scheduledAt, window: { start: TICK, end: LATER }, priority: 1 };
}

function keyOf({ project, spec }: Job) {
  return { project, job: spec.name, scheduledAt: TICK };
}

/**
 * Starts both at once, by turns the one or the other first. In the first two rounds the starter has ended before the
 * other begins: what follows from either order is seen, however busy the machine is.
 */
async function race<First>(
  round: number,
  first: () => Promise<First>,
  second: () => Promise<unknown>,
): Promise<First> {
  const hasLead = round < 2;
  if (round % 2 === 0) {
    const result = first();
    if (hasLead) await result;
    await second();
    return result;
  }
  const ended = second();
  if (hasLead) await ended;
  const [result] = await Promise.all([first(), ended]);
  return result;
}

async function withOpen(statement: string, values: unknown[], work: () => Promise<void>): Promise<void> {
  await other.query('BEGIN');
  try {
    await other.query(statement, values);
    await work();
  } finally {
    await other.query('ROLLBACK');
  }
}

it('a rerun finds the run whole or not at all', async () => {
  const { runs, history } = test.store;
  const seen = new Set<boolean>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const job = await makeEnded('success');
    const rerun = () => runs.rerun(keyOf(job), { scope: 'all' });
    const again = await race(round, rerun, () => history.pruneRuns(PRUNE));
    const after = await runs.findDetail(keyOf(job));
    seen.add(again !== undefined);
    expect(after?.state).toBe(again && 'queued');
    expect(after?.instances.map(({ state }) => state)).toEqual(again && ['queued']);
  }
  expect(seen.size, 'each won at least once').toBe(2);
});

it('a mark finds the run or says that there is none', async () => {
  const { runs, history } = test.store;
  for (let round = 0; round < ROUNDS; round += 1) {
    const job = await makeEnded('failed');
    const mark = () => runs.endEarly(keyOf(job), { state: 'success', message: 'by hand' });
    await race(round, mark, () => history.pruneRuns(PRUNE));
    const after = await runs.find(keyOf(job));
    expect([undefined, 'success']).toContain(after?.state);
  }
});

it('a run that is planned while its failed upstream is removed waits for it, or finds it gone and begins', async () => {
  const { runs, history, schedules } = test.store;
  for (let round = 0; round < ROUNDS; round += 1) {
    const [up, down] = [await makeEnded('failed'), await deploy()];
    await other.query(`UPDATE job_schedule SET next_scheduled_at = $1`, [LAST]);
    const waiting = { ...toRun(down, LAST), waits: [{ jobId: up.id, scheduledAt: TICK }] };
    const advance = { jobId: down.id, versionId: down.versionId, from: LAST, to: undefined, runs: [waiting] };
    const plan = () => schedules.advance([advance]);
    await race(round, plan, () => history.pruneRuns(PRUNE));
    await schedules.dropVainWaits();
    const upstream = await runs.find(keyOf(up));
    const planned = await runs.find({ ...keyOf(down), scheduledAt: LAST });
    expect(planned?.state).toBe(upstream ? 'wait_upstream' : 'queued');
  }
});

it('two that remove at once leave the newest of each job', async () => {
  const { runs, history } = test.store;
  const job = await makeEnded('success');
  await Promise.all(Array.from({ length: 4 }, () => history.pruneRuns(PRUNE)));
  expect((await runs.list({ ...keyOf(job), limit: 10 })).map((run) => run.scheduledAt)).toEqual([LATER]);
  expect(await runs.findRemoved(keyOf(job))).toEqual({ until: TICK, count: 1 });
});

it('waits for nobody: not for a run that is being changed', async () => {
  const job = await makeEnded('success');
  await withOpen('SELECT FROM run WHERE job_id = $1 FOR UPDATE', [job.id], async () => {
    expect(await test.store.history.pruneRuns(PRUNE)).toMatchObject({ removed: 0 });
  });
  expect(await test.store.history.pruneRuns(PRUNE)).toMatchObject({ removed: 1 });
});

it('waits for nobody: not for a deployment that is under way', async () => {
  const job = await makeEnded('failed');
  await withOpen('UPDATE job SET updated_at = now() WHERE id = $1', [job.id], async () => {
    expect(await test.store.history.pruneRuns(PRUNE)).toMatchObject({ removed: 1 });
  });
});

it('waits for nobody: not for one that plans who waits for the job', async () => {
  const job = await makeEnded('failed');
  const lock = `SELECT pg_advisory_xact_lock_shared(hashtext('optimus run_wait'), ($1::bigint % 1024)::int)`;
  await withOpen(lock, [job.id], async () => {
    expect(await test.store.history.pruneRuns(PRUNE)).toMatchObject({ removed: 0 });
  });
  expect(await test.store.history.pruneRuns(PRUNE)).toMatchObject({ removed: 1 });
});

it('whatever belongs to a run goes with it, found by an index', async () => {
  const { rows } = await other.query<{
    child: string;
    key: string;
    is_cascade: boolean;
    is_indexed: boolean;
  }>(`
    SELECT k.conrelid::regclass::text AS child, a.attname AS key, k.confdeltype = 'c' AS is_cascade,
      EXISTS (SELECT FROM pg_index i WHERE i.indrelid = k.conrelid AND i.indkey[0] = k.conkey[1] AND i.indpred IS NULL) AS is_indexed
    FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
    WHERE k.contype = 'f' AND k.confrelid IN ('run'::regclass, 'run_instance'::regclass, 'attempt'::regclass)`);
  expect(rows.length).toBeGreaterThanOrEqual(4);
  expect(rows.filter(({ is_cascade, is_indexed }) => !is_cascade || !is_indexed)).toEqual([]);
});

it('removes an attempt, an instance, events and open waits of a run with the run', async () => {
  const job = await makeEnded('success');
  const { rows } = await other.query<{ id: string }>(
    'SELECT id FROM run WHERE job_id = $1 AND scheduled_at = $2',
    [job.id, TICK],
  );
  const values = [present(rows[0], 'the run').id];
  await other.query(
    `WITH instance AS (SELECT id FROM run_instance WHERE run_id = $1)
     INSERT INTO attempt (instance_id, number, state, host_id, server_id, lease_expires_at, finished_at)
     SELECT id, 1, 'success', 'h', 's', now(), now() FROM instance`,
    values,
  );
  await other.query(
    `INSERT INTO run_event (run_id, attempt_id, state) SELECT $1, max(id), 'success' FROM attempt`,
    values,
  );
  expect(await test.store.history.pruneRuns(PRUNE)).toMatchObject({ removed: 1 });
  const left = await other.query(
    `SELECT FROM run_instance WHERE run_id = $1 UNION ALL SELECT FROM run_event WHERE run_id = $1 UNION ALL SELECT FROM attempt`,
    values,
  );
  expect(left.rowCount).toBe(0);
});
