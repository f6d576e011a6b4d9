import { parseJobName, parseNamespaceName, parseProjectName, SILENT_LOG } from '@optimus/domain';
import { makeJobSpec, toUpsert } from '@optimus/domain/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database, type Statement } from '../database/database.ts';
import { FIND_RUN, LIST_INSTANCES, LIST_WAITS, READ_SURROUNDINGS } from '../explanation/facts-statements.ts';
import { READ_FIGURES } from '../figures/figure-statements.ts';

import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import { CLAIM } from './claim-statements.ts';
import { HOLD_RUNS } from './control-statements.ts';
import {
  ADOPT_EXPIRED,
  COUNT_ENDED,
  FIND_LIVE_INSTANCE,
  MARK_RUNNING,
  RENEW_LEASES,
} from './run-statements.ts';
import {
  END_ATTEMPT,
  LIST_IN_THE_WAY,
  LIST_PROGRESS,
  LOCK_BY_ATTEMPT,
  LOCK_UNFINISHED,
  SETTLE,
} from './settle-statements.ts';
import { ADMIT, MEET_PASSED, MEET_WAITS } from './wait-statements.ts';

const TENANT = { project: parseProjectName('p'), namespace: parseNamespaceName('n') };
const HISTORY_RUNS = 20_000;
const OTHER_JOBS = 100;

let test: TestDatabase;
let database: Database;

beforeAll(async () => {
  test = await createTestDatabase();
  database = new Database(test.connection, { size: 1, statementTimeoutMs: 30_000, log: SILENT_LOG });
  await makeHistory();
});

afterAll(async () => {
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
    INSERT INTO run (job_id, version_id, namespace_id, scheduled_at, window_start, window_end, priority, state)
    SELECT id, version_id, namespace_id, timestamptz '2000-01-01' + n * interval '1 hour', now(), now(), 1,
      CASE n WHEN ${HISTORY_RUNS} THEN 'queued' ELSE 'success' END
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
    INSERT INTO run_wait (run_id, upstream_job_id, upstream_scheduled_at)
    SELECT run.id, job.id, run.scheduled_at FROM run JOIN job ON job.id = 1 + run.id % ${OTHER_JOBS}::int`.execute(
    database.queries,
  );
  await sql`ANALYZE`.execute(database.queries);
}

/** The tables that a prepared statement reads from end to end, in the plan that serves all values. */
async function listFullScans(statement: Statement, values: readonly string[]): Promise<readonly string[]> {
  return await database.withClient(async (client) => {
    await client.query('SET plan_cache_mode = force_generic_plan');
    await client.query(`PREPARE explained AS ${statement.text}`);
    const { rows } = await client.query<Record<string, string>>(
      `EXPLAIN EXECUTE explained (${values.join(', ')})`,
    );
    await client.query('DEALLOCATE explained');
    return rows.flatMap((row) => /Seq Scan on (\w+)/.exec(row['QUERY PLAN'] ?? '')?.[1] ?? []);
  });
}

describe('the plan that PostgreSQL keeps reads no table of history from end to end', () => {
  const history = ['run', 'run_instance', 'attempt', 'run_event', 'run_wait'];
  const plans: readonly (readonly [string, Statement, readonly string[]])[] = [
    ['to claim', CLAIM, [`'h'`, `'s'`, '1000', '10']],
    ['to mark an attempt as running', MARK_RUNNING, ['1', '1', `'{}'`]],
    ['to renew leases', RENEW_LEASES, [`'h'`, `'s'`, '1000', 'NULL']],
    ['to find the instance of an attempt', FIND_LIVE_INSTANCE, ['1']],
    ['to count attempts', COUNT_ENDED, ['1']],
    ['to lock the run of an attempt', LOCK_BY_ATTEMPT, ['1', '1']],
    ['to see how far a run has come', LIST_PROGRESS, ['1']],
    ['to end an attempt', END_ATTEMPT, ['1', '1', `'success'`, '0', `''`, `'exited'`, 'NULL']],
    ['to move a run on', SETTLE, ['1', `'success'`, `''`, `'[]'`, 'NULL']],
    ['to meet what waits for a run', MEET_WAITS, ['1', 'now()']],
    ['to meet what waits for ticks that never come', MEET_PASSED, [`'{1}'`]],
    ['to admit runs under a limit', ADMIT, [`'{1}'`]],
    ['to read the figures of a scrape', READ_FIGURES, [`'h'`, '10']],
    ['to hold runs back', HOLD_RUNS, ['1']],
    ['to lock what overlaps', LOCK_UNFINISHED, [`'{1}'`]],
    ['to find what is in the way', LIST_IN_THE_WAY, [`'{1}'`, `'{1}'`]],
    ['to find the run that matters', FIND_RUN, ['1', 'NULL']],
    ['to list what a run consists of', LIST_INSTANCES, ['1']],
    ['to see what goes on around a run', READ_SURROUNDINGS, ['1', '1', 'now()']],
    ['to follow what a run waits for', LIST_WAITS, ['1']],
    ['to adopt', ADOPT_EXPIRED, [`'h'`, `'s'`, '1000', '1000', '10']],
  ];
  it.each(plans)('%s', async (_, statement, values) => {
    const scans = await listFullScans(statement, values);
    expect(scans.filter((table) => history.includes(table))).toEqual([]);
  });
});

it('a claim among twenty thousand finished runs finds the one that waits', async () => {
  const { attempts } = await test.store.runs.claim(
    { hostId: 'h', serverId: 's' },
    { limit: 10, leaseMs: 1_000 },
  );
  expect(attempts.map(({ job, number }) => [job, number])).toEqual([['hourly', 2]]);
});
