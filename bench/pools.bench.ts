import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseJobName, parseNamespaceName, parseProjectName, SILENT_LOG } from '@optimus/domain';
import { makeJobSpec, toUpsert } from '@optimus/domain/testing';
import { createStore, startEmbeddedPostgres } from '@optimus/store';
import { Client } from 'pg';
import { median } from './measure/median.ts';
import { type Figure, printFigures } from './measure/print-figures.ts';

// What those cost who must wait: a claim beside instances of a full pool, and the end of a run whose successors are held by the limit
// of their job. Beside each the same with nobody waiting, in the same database.
const TIMES = 100;
const TENANT = { project: parseProjectName('bench'), namespace: parseNamespaceName('work') };

const SERVER = { hostId: 'bench', serverId: 'bench' };

let ticks = 0;
const folder = await mkdtemp(path.join(tmpdir(), 'optimus-bench-'));
await chmod(folder, 0o711);
const postgres = await startEmbeddedPostgres({ dataDir: folder, log: SILENT_LOG });
const { host, port, user, database } = postgres.connection;
const client = new Client({ host, port, user, database });
const store = createStore({ connection: postgres.connection, appKey: 'x'.repeat(32), log: SILENT_LOG });
try {
  await client.connect();
  await store.start(new AbortController().signal);
  await makeJobs();
  printFigures([...(await measureFullPool()), ...(await measureHeldRuns())]);
} finally {
  await store.stop();
  await client.end();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}

/** One job in a pool of one slot, one in none, and one of which one run is under way at a time. */
async function makeJobs(): Promise<void> {
  await store.projects.save({ name: TENANT.project, config: { POOL_FULL: '1' } });
  await store.namespaces.save({ ...TENANT, name: TENANT.namespace, config: {} });
  const base = makeJobSpec();
  const specs = [
    { ...base, name: parseJobName('pooled'), metadata: { airflow: { pool: 'full', queue: '' } } },
    { ...base, name: parseJobName('free') },
    { ...base, name: parseJobName('lined-up'), behavior: { ...base.behavior, overlap: 'wait' as const } },
  ];
  const upserts = specs.map((spec) => toUpsert(TENANT, spec));
  await store.jobs.apply({ project: TENANT.project, upserts, deletes: [], author: '' });
}

async function measureFullPool(): Promise<readonly Figure[]> {
  const bare = await timeRuns('free');
  await addRuns('pooled', 1);
  await store.runs.claim(SERVER, { limit: 1, leaseMs: 600_000 });
  const figures: Figure[] = [];
  for (const waiting of [100, 10_000]) {
    await addRuns('pooled', waiting - (await count('pooled')));
    const name = `claim and end beside ${waiting.toLocaleString('en')} of a full pool`;
    figures.push({ name, ours: await timeRuns('free'), bare, against: 'nobody waiting', unit: 'ms' });
  }
  return figures;
}

async function measureHeldRuns(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  let bare = Number.NaN;
  for (const waiting of [TIMES, 10_000]) {
    await addRuns('lined-up', waiting - (await count('lined-up')));
    const ours = await timeRuns('lined-up');
    if (Number.isNaN(bare)) bare = ours;
    const name = `claim and end with ${waiting.toLocaleString('en')} held behind`;
    figures.push({ name, ours, bare, against: `${TIMES} held`, unit: 'ms' });
  }
  return figures;
}

/** Median time of a claim and the end of what was claimed, in ms. */
async function timeRuns(job: string): Promise<number> {
  if (job === 'free') await addRuns(job, TIMES);
  const times: number[] = [];
  for (let time = 0; time < TIMES; time++) {
    const begun = performance.now();
    const { attempts } = await store.runs.claim(SERVER, { limit: 1, leaseMs: 600_000 });
    const [attempt] = attempts;
    if (attempt?.job !== job) throw new Error(`claimed ${attempt?.job ?? 'nothing'} and not ${job}`);
    await store.runs.finish(attempt, { kind: 'exited', exitCode: 0 }, { kind: 'success' });
    times.push(performance.now() - begun);
  }
  return median(times);
}

async function count(job: string): Promise<number> {
  const { rows } = await client.query<{ waiting: number }>(
    "SELECT count(*)::int AS waiting FROM run JOIN job ON job.id = run.job_id WHERE job.name = $1 AND run.state = 'queued'",
    [job],
  );
  return rows[0]?.waiting ?? 0;
}

/** Runs as they stand before their first claim: of a job with a limit all but the first are held. */
async function addRuns(job: string, number: number): Promise<void> {
  const isLimited = job === 'lined-up';
  const isFirst = isLimited && (await count(job)) === 0;
  const { rows } = await client.query<{ id: string }>(
    `WITH created AS (
       INSERT INTO run (job_id, version_id, namespace_id, scheduled_at, window_start, window_end, priority, state, is_held)
       SELECT job.id, version_id, namespace_id, timestamptz '2000-01-01' + n * interval '1 minute', now(), now(), 1, 'queued',
         $4 AND NOT ($5 AND n = $2 + 1)
       FROM job, generate_series($2::int + 1, $2::int + $3::int) n WHERE name = $1
       RETURNING id, namespace_id, is_held
     )
     INSERT INTO run_instance (run_id, namespace_id, priority, pool, type, name, role, position, state)
     SELECT id, namespace_id, CASE $1 WHEN 'pooled' THEN 9 ELSE 1 END, CASE $1 WHEN 'pooled' THEN 'POOL_FULL' ELSE '' END,
       'task', 'neo', 'task', 0, CASE WHEN is_held THEN 'pending' ELSE 'queued' END FROM created RETURNING id`,
    [job, ticks, number, isLimited, isFirst],
  );
  ticks += rows.length;
  await client.query('ANALYZE run, run_instance, attempt');
}
