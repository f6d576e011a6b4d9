import { parseJobName, parseNamespaceName, parseProjectName, SILENT_LOG } from '@optimus/domain';
import { makeJobSpec, toUpsert } from '@optimus/domain/testing';
import { sql } from 'kysely';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../database/database.ts';
import { explain, listFullReads } from '../testing/explain.ts';
import { HOT_STATEMENTS } from '../testing/hot-statements.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import { LIST_NEWEST } from './list-statements.ts';

const TENANT = { project: parseProjectName('p'), namespace: parseNamespaceName('n') };
const HISTORY_RUNS = 50_000;
const OTHER_JOBS = 100;

let test: TestDatabase;
let database: Database;
let client: Client;

beforeAll(async () => {
  test = await createTestDatabase();
  database = new Database(test.connection, { size: 1, statementTimeoutMs: 30_000, log: SILENT_LOG });
  client = new Client({ connectionString: test.dsn });
  await client.connect();
  await makeHistory();
});

afterAll(async () => {
  await client.end();
  await database.close();
  await test.drop();
});

/** Years of finished runs of one job, one run that is ready, and waits for other jobs. */
async function makeHistory(): Promise<void> {
  await test.store.projects.save({ name: TENANT.project, config: {} });
  await test.store.namespaces.save({ ...TENANT, name: TENANT.namespace, config: {} });
  const names = ['hourly', ...Array.from({ length: OTHER_JOBS }, (_, number) => `upstream-${number}`)];
  const upserts = names.map((name) => toUpsert(TENANT, makeJobSpec({ name: parseJobName(name) })));
  await test.store.jobs.apply({ project: TENANT.project, upserts, deletes: [], author: '' });
  await sql`
    INSERT INTO run (job_id, version_id, namespace_id, scheduled_at, window_start, window_end, priority, state, finished_at)
    SELECT id, version_id, namespace_id, timestamptz '2000-01-01' + n * interval '1 hour', now(), now(), 1,
      CASE n WHEN ${HISTORY_RUNS} THEN 'queued' ELSE 'success' END,
      CASE WHEN n < ${HISTORY_RUNS} THEN timestamptz '2000-01-01' + n * interval '1 hour' END
    FROM job, generate_series(1, ${HISTORY_RUNS}::int) n WHERE name = 'hourly'`.execute(database.queries);
  await sql`
    INSERT INTO run_instance (run_id, namespace_id, priority, type, name, role, position, state, attempt_count)
    SELECT id, namespace_id, 1, 'task', 'neo', 'task', 0, state, 1 FROM run`.execute(database.queries);
  await sql`
    INSERT INTO attempt (instance_id, number, state, host_id, server_id, lease_expires_at)
    SELECT id, 1, 'success', 'h', 's', now() FROM run_instance WHERE state = 'success'`.execute(
    database.queries,
  );
  await sql`
    INSERT INTO run_event (run_id, state) SELECT id, step FROM run, unnest(ARRAY['queued', 'running', state]) AS step
    ORDER BY id`.execute(database.queries);
  await sql`
    INSERT INTO run_wait (run_id, upstream_job_id, upstream_scheduled_at)
    SELECT run.id, job.id, run.scheduled_at FROM run JOIN job ON job.id = 1 + run.id % ${OTHER_JOBS}::int`.execute(
    database.queries,
  );
  await sql`ANALYZE`.execute(database.queries);
}

// A table is read from end to end when nothing better is there: with as many rows PostgreSQL would choose an index that it has.
describe('the plan that PostgreSQL keeps reads nothing of history from end to end', () => {
  it.each(HOT_STATEMENTS)('to $purpose', async (hot) => {
    const steps = await explain(client, hot);
    expect(steps.length).toBeGreaterThan(0);
    expect(listFullReads(steps)).toEqual([]);
  });
});

it.each(HOT_STATEMENTS.filter(({ statement }) => statement === LIST_NEWEST))(
  'looks for the newest runs in the one index of their state: to $purpose',
  async (hot) => {
    const order = (await explain(client, hot)).filter((step) => step['Index Name'] === 'run_by_namespace');
    expect(order.map((step) => step['Index Cond'])).toEqual([
      expect.stringMatching(/namespace_id.*state.*\(-/),
    ]);
  },
);

it('a claim among fifty thousand finished runs finds the one that waits', async () => {
  const { attempts } = await test.store.runs.claim(
    { hostId: 'h', serverId: 's' },
    { limit: 10, leaseMs: 1_000 },
  );
  expect(attempts.map(({ job, number }) => [job, number])).toEqual([['hourly', 2]]);
});
