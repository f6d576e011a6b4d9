import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type JobSpec,
  parseJobName,
  parseNamespaceName,
  parseProjectName,
  parseSecretName,
  SILENT_LOG,
} from '@optimus/domain';
import { makeJobSpec, toUpsert } from '@optimus/domain/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from './database/database.ts';
import { dumpSchema } from './schema/dump-schema.ts';
import { createStore, type Store } from './store.ts';
import { createTestDatabase, type TestDatabase } from './testing/test-database.ts';

const TENANT = { project: parseProjectName('p'), namespace: parseNamespaceName('n') };
const TICK = new Date('2022-09-19T02:00:00Z');

let test: TestDatabase;
let database: Database;
let store: Store;

beforeAll(async () => {
  test = await createTestDatabase();
  store = test.store;
  database = new Database(test.connection, { size: 2, statementTimeoutMs: 30_000, log: SILENT_LOG });
  await store.projects.save({ name: TENANT.project, config: {} });
  await store.namespaces.save({ project: TENANT.project, name: TENANT.namespace, config: {} });
});

afterAll(async () => {
  await database.close();
  await test.drop();
});

async function select<Row>(text: string): Promise<readonly Row[]> {
  return (await sql.raw<Row>(text).execute(database.queries)).rows;
}

async function deploy(specs: readonly JobSpec[], nextScheduledAt?: Date): Promise<void> {
  const upserts = specs.map((spec) => toUpsert(TENANT, spec, { nextScheduledAt }));
  await store.jobs.apply({ project: TENANT.project, upserts, deletes: [], author: 'ada' });
}

describe('a store', () => {
  it('starts on a DSN, again on the same database, and may be stopped twice or unstarted', async () => {
    const options = { connection: { dsn: test.dsn }, appKey: 'k', log: SILENT_LOG };
    const second = createStore(options);
    await second.start(new AbortController().signal);
    await expect(second.ping()).resolves.toBeUndefined();
    await second.stop();
    await second.stop();
    await expect(createStore(options).stop()).resolves.toBeUndefined();
  });

  it('hears what another store on the same database changes', async () => {
    const other = createStore({ connection: test.connection, appKey: 'k', log: SILENT_LOG });
    await other.start(new AbortController().signal);
    const heard: string[] = [];
    other.changes.subscribe((change) => heard.push(change.topic));
    await deploy([makeJobSpec()]);
    await expect.poll(() => heard).toContain('schedule_changed');
    await other.stop();
  });

  it('tells the time by the clock of the database', async () => {
    const [row] = await select<{ at: Date }>('SELECT now() AS at');
    const now = await store.readNow();
    expect(now.getTime()).toBeGreaterThanOrEqual(row?.at.getTime() ?? 0);
  });

  it('knows its database from every other, over restarts', async () => {
    const again = createStore({ connection: test.connection, appKey: 'k', log: SILENT_LOG });
    await again.start(new AbortController().signal);
    expect(await again.readIdentity()).toBe(await store.readIdentity());
    await again.stop();
    const other = await createTestDatabase();
    expect(await other.store.readIdentity()).not.toBe(await store.readIdentity());
    await other.drop();
  });

  it('makes the schema that schema.sql shows', async () => {
    const schema = await database.withClient(dumpSchema);
    expect(readFileSync(join(import.meta.dirname, '..', 'schema.sql'), 'utf8')).toContain(schema);
  });
});

describe('what is stored', () => {
  it('holds no secret in clear text, and opens under no other app_key', async () => {
    const name = parseSecretName('KEY');
    await store.secrets.create({ project: TENANT.project }, name, 'hush-hush-hush');
    const [row] = await select<{ text: string }>(
      `SELECT string_agg(s::text || encode(ciphertext, 'escape'), '') AS text FROM secret s`,
    );
    expect(row?.text).not.toContain('hush');
    const other = createStore({ connection: test.connection, appKey: 'another', log: SILENT_LOG });
    await expect(other.secrets.readAll(TENANT.project, TENANT.namespace)).rejects.toMatchObject({
      code: 'SECRET_UNREADABLE',
    });
    await other.stop();
    const previousAppKeys = ['a key of the tests'];
    const rotated = createStore({
      connection: test.connection,
      appKey: 'another',
      previousAppKeys,
      log: SILENT_LOG,
    });
    expect(await rotated.secrets.readAll(TENANT.project, TENANT.namespace)).toEqual({
      KEY: 'hush-hush-hush',
    });
    await rotated.stop();
  });

  it('has each content of an asset once, and specifications without them', async () => {
    const assets = { 'query.sql': 'select shared', 'copy.sql': 'select shared' };
    await deploy(
      ['job-a', 'job-b', 'job-c'].map((name) => makeJobSpec({ name: parseJobName(name), assets })),
    );
    const shared = await select(`SELECT FROM asset WHERE content = 'select shared'::bytea`);
    expect(shared).toHaveLength(1);
    expect(await select(`SELECT FROM job_version WHERE spec::text LIKE '%select shared%'`)).toEqual([]);
    expect(await select(`SELECT author FROM job_version WHERE spec ->> 'name' = 'job-a'`)).toEqual([
      { author: 'ada' },
    ]);
  });

  it('plans by the schedule of a deployment that commits while its ticks wait to be stored', async () => {
    const name = parseJobName('redeployed');
    await deploy([makeJobSpec({ name })], TICK);
    const job = await store.jobs.find({ project: TENANT.project, job: name });
    const { id: jobId = '', versionId = '' } = job ?? {};
    const run = { jobId, versionId, scheduledAt: TICK, window: { start: TICK, end: TICK }, priority: 1 };
    const held = Promise.withResolvers<void>();
    const deploying = Promise.withResolvers<void>();
    const deployment = database.queries.transaction().execute(async (transaction) => {
      await sql`UPDATE job SET version_id = (SELECT min(id) FROM job_version WHERE id <> version_id)
        WHERE id = ${jobId}`.execute(transaction);
      deploying.resolve();
      await held.promise;
    });
    await deploying.promise;
    const advanced = store.schedules.advance([{ jobId, versionId, from: TICK, to: undefined, runs: [run] }]);
    await expect
      .poll(() => select(`SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ~ 'to_at'`))
      .toHaveLength(1);
    held.resolve();
    await Promise.all([deployment, advanced]);
    expect(await select(`SELECT FROM run WHERE job_id = ${jobId}`)).toEqual([]);
  });

  it('has one event for every change of a run, and keeps a cancelled run cancelled when its attempt ends late', async () => {
    await deploy([makeJobSpec({ name: parseJobName('eventful') })], TICK);
    const job = await store.jobs.find({ project: TENANT.project, job: parseJobName('eventful') });
    const { id: jobId = '', versionId = '' } = job ?? {};
    const run = { jobId, versionId, scheduledAt: TICK, window: { start: TICK, end: TICK }, priority: 1 };
    await store.schedules.advance([{ jobId, versionId, from: TICK, to: undefined, runs: [run] }]);
    const { attempts } = await store.runs.claim({ hostId: 'h', serverId: 's' }, { limit: 1, leaseMs: 1_000 });
    await sql`UPDATE run SET state = 'canceled' WHERE id = ${attempts[0]?.runId}`.execute(database.queries);
    await store.runs.finish(
      attempts[0] ?? { attemptId: '', fence: '' },
      { kind: 'exited', exitCode: 0 },
      { kind: 'success' },
    );
    expect(
      await store.runs.find({ ...TENANT, job: parseJobName('eventful'), scheduledAt: TICK }),
    ).toMatchObject({ state: 'canceled' });
    const events = await select<{ state: string }>(
      `SELECT state FROM run_event WHERE run_id = ${attempts[0]?.runId} ORDER BY id`,
    );
    expect(events.map((event) => event.state)).toEqual(['queued', 'running', 'canceled']);
  });

  it('takes two thousand new jobs in a few seconds, and finds what changed without their specifications', async () => {
    const specs = Array.from({ length: 2_000 }, (_, index) =>
      makeJobSpec({ name: parseJobName(`bulk-${index}`), assets: { 'query.sql': `select ${index}` } }),
    );
    const began = performance.now();
    await deploy(specs, TICK);
    expect(performance.now() - began).toBeLessThan(15_000);
    const digests = await store.jobs.listDigests(TENANT.project);
    expect(digests.filter(({ name }) => name.startsWith('bulk-'))).toHaveLength(2_000);
    expect(
      (await store.jobs.find({ project: TENANT.project, job: parseJobName('bulk-7') }))?.spec.assets,
    ).toEqual({ 'query.sql': 'select 7' });
  });
});
