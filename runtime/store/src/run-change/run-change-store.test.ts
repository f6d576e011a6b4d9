import { type RunChangePosition, SILENT_LOG } from '@optimus/domain';
import { claimOne, DONE, EXIT_0, makeTenant, planRun, type Tenant } from '@optimus/domain/testing';
import { sql } from 'kysely';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toClientConfig } from '../database/connection-pool.ts';
import { Database } from '../database/database.ts';
import { createStore } from '../store.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import { READ_CHANGES, READ_NEWEST } from './change-statements.ts';

let test: TestDatabase;
let database: Database;

beforeAll(async () => {
  test = await createTestDatabase();
  database = new Database(test.connection, { size: 1, statementTimeoutMs: 30_000, log: SILENT_LOG });
});

afterAll(async () => {
  await database.close();
  await test.drop();
});

/** Everything after the position, a few at a time, and where that ends. */
async function readAll(after: RunChangePosition, limit = 2) {
  const messages: string[] = [];
  let position = after;
  for (;;) {
    const page = await test.store.runChanges.read({ after: position, limit });
    messages.push(...page.changes.map(({ change }) => change.message));
    position = page.position;
    if (page.isLast) return { messages, position };
  }
}

/** A connection that writes events of a run in a transaction of its own. */
async function openWriter(runId: string) {
  const client = new Client(toClientConfig(test.connection));
  await client.connect();
  await client.query('BEGIN');
  return {
    write: (message: string) =>
      client.query(`INSERT INTO run_event (run_id, state, message) VALUES ($1, 'running', $2)`, [
        runId,
        message,
      ]),
    async end(how: 'COMMIT' | 'ROLLBACK' = 'COMMIT') {
      await client.query(how);
      await client.end();
    },
  };
}

async function planOne(): Promise<{ readonly tenant: Tenant; readonly runId: string }> {
  const tenant = await makeTenant(test.store);
  await planRun(test.store, tenant);
  const [run] = await test.store.runs.listNewest({ project: tenant.project, limit: 1 });
  return { tenant, runId: run?.id ?? '' };
}

describe('changes of runs', () => {
  it('tell the run, its state, the one before, and the attempt', async () => {
    const { runChanges, runs } = test.store;
    const start = await runChanges.readNewest();
    const tenant = await makeTenant(test.store);
    const job = await planRun(test.store, tenant);
    const attempt = await claimOne(test.store, tenant);
    await runs.finish(attempt, EXIT_0, DONE);
    const { changes } = await runChanges.read({ after: start, limit: 100 });
    const by = { id: attempt.attemptId, instance: { type: 'task', name: 'neo' }, number: 1 };
    const run = { ...tenant, job, scheduledAt: attempt.scheduledAt, runId: attempt.runId };
    expect(changes.map(({ change }) => change)).toMatchObject([
      { ...run, state: 'queued', previousState: undefined, attempt: undefined },
      { ...run, state: 'running', previousState: 'queued', attempt: by },
      { ...run, state: 'success', previousState: 'running', attempt: by },
    ]);
    expect(changes[0]?.change.changedAt).toBeInstanceOf(Date);
  });

  it('are seen once each when they commit in another order than they were written in', async () => {
    const { runId } = await planOne();
    const start = await test.store.runChanges.readNewest();
    const [early, late, gone] = [await openWriter(runId), await openWriter(runId), await openWriter(runId)];
    await early.write('early 1');
    await late.write('late 1');
    await gone.write('gone');
    await early.write('early 2');
    await late.write('late 2');
    await late.end();
    const first = await readAll(start);
    expect(first.messages).toEqual(['late 1', 'late 2']);
    await early.write('early 3');
    await early.end();
    await gone.end('ROLLBACK');
    const second = await readAll(first.position);
    expect(second.messages).toEqual(['early 1', 'early 2', 'early 3']);
    expect(await readAll(second.position)).toMatchObject({ messages: [] });
  });

  it('are not held up by a transaction that goes on and on', async () => {
    const { runId } = await planOne();
    const start = await test.store.runChanges.readNewest();
    const deployment = await openWriter(runId);
    await deployment.write('of a deployment');
    const writer = await openWriter(runId);
    await writer.write('of a run');
    await writer.end();
    const { messages, position } = await readAll(start);
    expect(messages).toEqual(['of a run']);
    await deployment.end();
    expect((await readAll(position)).messages).toEqual(['of a deployment']);
  });

  it('are gone on with from each of them, also by another server', async () => {
    const { runId } = await planOne();
    const start = await test.store.runChanges.readNewest();
    for (const name of ['a', 'b']) {
      const writer = await openWriter(runId);
      for (const number of [1, 2, 3]) await writer.write(`${name}${number}`);
      await writer.end();
    }
    const other = createStore({ connection: test.connection, appKey: 'k', log: SILENT_LOG, poolSize: 1 });
    await other.start(new AbortController().signal);
    const { changes } = await other.runChanges.read({ after: start, limit: 100 });
    await other.stop();
    const rests = await Promise.all(changes.map(({ position }) => readAll(position)));
    expect(rests.map(({ messages }) => messages.join())).toEqual([
      'a2,a3,b1,b2,b3',
      'a3,b1,b2,b3',
      'b1,b2,b3',
      'b2,b3',
      'b3',
      '',
    ]);
  });

  it('are those of a project, a namespace or a job when asked for, up to what another reader has seen', async () => {
    const { runChanges } = test.store;
    const start = await runChanges.readNewest();
    const [one, other] = [await planOne(), await planOne()];
    const until = await runChanges.readNewest();
    await planOne();
    const read = async (filter: object) => {
      const page = await runChanges.read({ after: start, until, limit: 10, ...filter });
      return { runs: page.changes.map(({ change }) => change.runId), position: page.position };
    };
    expect(await read({})).toEqual({ runs: [one.runId, other.runId], position: expect.any(String) });
    expect(await read(other.tenant)).toMatchObject({ runs: [other.runId] });
    expect(await read({ ...one.tenant, job: 'none' })).toMatchObject({ runs: [] });
    expect(
      (await runChanges.read({ after: (await read(one.tenant)).position, limit: 10 })).changes,
    ).toHaveLength(1);
  });
});

describe('an event that is registered', () => {
  const event = { type: 'task_fail', status: 'failed', task: 'neo', message: 'no such table' } as const;

  it('is told and listed with the run, whose state stays', async () => {
    const { runChanges } = test.store;
    const tenant = await makeTenant(test.store);
    const key = { project: tenant.project, job: await planRun(test.store, tenant) };
    const { scheduledAt } = await claimOne(test.store, tenant);
    const start = await runChanges.readNewest();
    const registered = { ...event, happenedAt: new Date('2022-09-19T02:01:00Z'), value: { attempt: 1 } };
    expect(await runChanges.register(key, [scheduledAt, new Date(0)], registered)).toBe(1);
    const told = { state: 'running', previousState: 'running', message: 'no such table', event: registered };
    const { changes } = await runChanges.read({ after: start, limit: 10 });
    expect(changes.map(({ change }) => change)).toMatchObject([told]);
    const listed = await runChanges.listOf({ ...key, scheduledAt }, { limit: 10 });
    expect(listed).toMatchObject([{ state: 'queued' }, { state: 'running' }, told]);
    const rest = await runChanges.listOf(
      { ...key, scheduledAt },
      { limit: 10, afterId: listed[1]?.id ?? '' },
    );
    expect(rest).toEqual(listed.slice(2));
    expect(await test.store.runs.find({ ...key, scheduledAt })).toMatchObject({
      state: 'running',
      message: '',
    });
  });

  it('of a run that is not there is not kept', async () => {
    const tenant = await makeTenant(test.store);
    const key = { project: tenant.project, job: await planRun(test.store, tenant) };
    expect(
      await test.store.runChanges.register(key, [new Date(0)], {
        ...event,
        happenedAt: undefined,
        value: {},
      }),
    ).toBe(0);
  });
});

describe('a position', () => {
  it('of another database, or of a time whose changes may be gone, says so', async () => {
    const { runChanges } = test.store;
    const position = await runChanges.readNewest();
    const refused = { code: 'RUN_CHANGES_GONE' };
    const foreign = position.replace(/^.{8}/, '00000000');
    await expect(runChanges.read({ after: foreign, limit: 1 })).rejects.toMatchObject(refused);
    const ahead = position.replace(/\/\d+:/, '/999999999999:');
    await expect(runChanges.read({ after: ahead, limit: 1 })).rejects.toMatchObject(refused);
    const old = position.replace(/\d+$/, (seconds) => `${Number(seconds) - 90_000}`);
    await expect(runChanges.read({ after: old, limit: 1 })).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining('may have been removed'),
    });
  });

  it('sees nothing of the past as new in a database that was restored from a dump', async () => {
    const { runId } = await planOne();
    await sql`UPDATE run_event SET transaction_id = '99999999' WHERE run_id = ${runId}`.execute(
      database.queries,
    );
    const restored = createStore({ connection: test.connection, appKey: 'k', log: SILENT_LOG, poolSize: 1 });
    await restored.start(new AbortController().signal);
    const start = await restored.runChanges.readNewest();
    expect((await restored.runChanges.read({ after: start, limit: 10 })).changes).toEqual([]);
    await restored.stop();
  });
});

it('reading costs the same however many changes were read before', async () => {
  const { runId } = await planOne();
  await sql`
    INSERT INTO run (job_id, version_id, namespace_id, scheduled_at, window_start, window_end, priority, state)
    SELECT job_id, version_id, namespace_id, timestamptz '2000-01-01' + n * interval '1 hour', now(), now(), 1, 'success'
    FROM run, generate_series(1, 10000) n WHERE run.id = ${runId}`.execute(database.queries);
  await sql`
    INSERT INTO run_event (run_id, state, transaction_id)
    SELECT id, 'success', (3 + id % 500)::text::xid8 FROM run, generate_series(1, 3)`.execute(
    database.queries,
  );
  await sql`ANALYZE`.execute(database.queries);
  const scans = async (text: string, values: string) =>
    await database.withClient(async (client) => {
      await client.query('SET plan_cache_mode = force_generic_plan');
      await client.query(`PREPARE explained AS ${text}`);
      const { rows } = await client.query<Record<string, string>>(`EXPLAIN EXECUTE explained ${values}`);
      await client.query('DEALLOCATE explained');
      return rows
        .map((row) => row['QUERY PLAN'] ?? '')
        .filter((line) => /Seq Scan on run(_event)? /.test(line));
    });
  expect(await scans(READ_NEWEST.text, '')).toEqual([]);
  const values = `('9:9:', '9', '8', '1', 500, NULL, NULL, NULL, NULL)`;
  expect(await scans(READ_CHANGES.text, values)).toEqual([]);
});
