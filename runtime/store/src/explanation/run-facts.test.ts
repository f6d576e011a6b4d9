import {
  explainJobRun,
  OptimusError,
  parseJobName,
  parseNamespaceName,
  parseProjectName,
  SILENT_LOG,
} from '@optimus/domain';
import { computeDayWindow, makeJobSpec, toUpsert } from '@optimus/domain/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database, type RunStatement } from '../database/database.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import { PostgresRunFactsStore } from './run-facts-store.ts';

const TENANT = { project: parseProjectName('p'), namespace: parseNamespaceName('n') };
const JOBS = 600;
const TICK = new Date('2022-09-19T02:00:00Z');
const AT = TICK.toISOString();

/** Counts the statements between the begin and the end of snapshots. */
class CountingDatabase extends Database {
  count = 0;

  override snapshot<T>(work: (run: RunStatement) => Promise<T>): Promise<T> {
    return super.snapshot((run) =>
      work((statement, values) => {
        this.count += 1;
        return run(statement, values);
      }),
    );
  }
}

let test: TestDatabase;
let database: CountingDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
  database = new CountingDatabase(test.connection, { size: 1, statementTimeoutMs: 30_000, log: SILENT_LOG });
  await test.store.projects.save({ name: TENANT.project, config: {} });
  await test.store.namespaces.save({ ...TENANT, name: TENANT.namespace, config: {} });
  const names = Array.from({ length: JOBS }, (_, number) => parseJobName(`job-${number}`));
  const upserts = names.map((name) => toUpsert(TENANT, makeJobSpec({ name })));
  await test.store.jobs.apply({ project: TENANT.project, upserts, deletes: [], author: '' });
  await sql`
    INSERT INTO run (job_id, version_id, namespace_id, scheduled_at, window_start, window_end, priority, state)
    SELECT id, version_id, namespace_id, ${TICK}, now(), now(), 1, CASE name WHEN 'job-0' THEN 'failed' ELSE 'wait_upstream' END
    FROM job`.execute(database.queries);
  await sql`
    INSERT INTO run_instance (run_id, namespace_id, priority, type, name, role, position, state, message, attempt_count)
    SELECT id, namespace_id, 1, 'task', 'neo', 'task', 0, CASE state WHEN 'failed' THEN state ELSE 'pending' END, 'exited with code 1', 1
    FROM run`.execute(database.queries);
  await sql`
    INSERT INTO attempt (instance_id, number, state, host_id, server_id, lease_expires_at, exit_code, outcome)
    SELECT id, 1, 'failed', 'h', 's', now(), 1, 'exited' FROM run_instance WHERE state = 'failed'`.execute(
    database.queries,
  );
});

afterAll(async () => {
  await database.close();
  await test.drop();
});

/** Has the runs wait as the SQL says, which gives pairs of numbers: of the job that waits, and of the one waited for. */
async function letWait(pairs: string): Promise<void> {
  await sql`TRUNCATE run_wait`.execute(database.queries);
  await sql`
    INSERT INTO run_wait (run_id, upstream_job_id, upstream_scheduled_at)
    SELECT run.id, upstream.id, ${TICK} FROM (${sql.raw(pairs)}) AS pair (waiting, upstream)
    JOIN job ON job.name = 'job-' || pair.waiting JOIN run ON run.job_id = job.id
    JOIN job upstream ON upstream.name = 'job-' || pair.upstream`.execute(database.queries);
}

async function explain(job: string) {
  database.count = 0;
  const logs = {
    readTail: () => Promise.reject(new OptimusError('LOG_NOT_FOUND', { message: 'there is no log here' })),
  };
  const deps = {
    ...test.store,
    logs,
    facts: new PostgresRunFactsStore(database),
    computeWindow: computeDayWindow,
  };
  return { ...(await explainJobRun(deps, { project: 'p', job })), statements: database.count };
}

describe('what explaining a run costs', () => {
  it('is nine statements, whether it waits for one run, for five hundred, or along a chain of five hundred', async () => {
    await letWait('SELECT 1, 0');
    const one = await explain('job-1');
    await letWait('SELECT 1, n FROM generate_series(2, 501) n UNION ALL SELECT 501, 0');
    const many = await explain('job-1');
    await letWait('SELECT n, n - 1 FROM generate_series(1, 500) n');
    const chain = await explain('job-500');
    expect([one, many, chain].map(({ statements }) => statements)).toEqual([9, 9, 9]);
    expect([one, many, chain].map(({ root }) => root?.job)).toEqual(['job-0', 'job-0', 'job-0']);
    const at = AT.replace('.000', '');
    expect(chain.sentence).toBe(
      `job-500 at ${at} waits for job-499 at ${at} and, through 499 waiting runs, for job-0 at ${at}, which failed: task neo exited with code 1.`,
    );
    expect(many.evidence.filter(({ subject }) => subject === 'waits for').at(-1)?.text).toBe('495 more');
  });

  it('is bounded where waiting goes on without end, and says where to ask on', async () => {
    await letWait('SELECT a, b FROM generate_series(1, 90) a, generate_series(1, 90) b WHERE b > a');
    const { cause, statements, sentence, root, advice } = await explain('job-1');
    expect({ cause, statements, root }).toEqual({ cause: 'upstream', statements: 5, root: undefined });
    expect(sentence).toMatch(/^job-1 at \S+ waits for job-\d+ at \S+, which waits for others itself\.$/);
    expect(advice[0]?.command).toMatch(/^optimus job why job-\d+ --scheduled-at /);
  });

  it('is four statements for a run that failed', async () => {
    const { cause, statements, evidence } = await explain('job-0');
    expect({ cause, statements }).toEqual({ cause: 'exit_code', statements: 4 });
    expect(evidence.map(({ subject }) => subject)).toEqual(['neo, attempt 1']);
  });
});
