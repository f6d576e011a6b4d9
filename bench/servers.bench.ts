import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseNamespaceName, parseProjectName, SILENT_LOG } from '@optimus/domain';
import { makeJobSpec, toUpsert } from '@optimus/domain/testing';
import { createStore, startEmbeddedPostgres } from '@optimus/store';
import { Client } from 'pg';
import { type Figure, printFigures } from './measure/print-figures.ts';

// How many changes of state one database takes from one, two and three servers: each run is claimed, said to run, and ended, in
// processes of their own. Beside it as many commits of one row, from as many processes and connections.
const RUNS = 6_000;
const CHANGES_A_RUN = 3;

const folder = await mkdtemp(path.join(tmpdir(), 'optimus-bench-'));
await chmod(folder, 0o711);
const postgres = await startEmbeddedPostgres({ dataDir: folder, log: SILENT_LOG });
const { host, port, user, database } = postgres.connection;
const client = new Client({ host, port, user, database });
try {
  await makeJob();
  await client.connect();
  await client.query(
    'CREATE TABLE bare (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, state text NOT NULL)',
  );
  const figures: Figure[] = [];
  for (const servers of [1, 2, 3]) figures.push(await measure(servers));
  printFigures(figures);
} finally {
  await client.end();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}

async function measure(servers: number): Promise<Figure> {
  const bareMs = await timeWorkers('bare-worker.ts', servers, [String(Math.ceil(RUNS / servers))]);
  await addRuns(servers);
  const oursMs = await timeWorkers('state-worker.ts', servers);
  const { rows } = await client.query<{ left: number }>(
    "SELECT count(*)::int AS left FROM run WHERE state <> 'success'",
  );
  if (rows[0]?.left !== 0) throw new Error(`${rows[0]?.left} runs were not seen through`);
  return {
    name: `${servers} server${servers === 1 ? '' : 's'}`,
    ours: (RUNS * CHANGES_A_RUN * 1000) / oursMs,
    bare: (RUNS * CHANGES_A_RUN * 1000) / bareMs,
    against: 'commits of one row, as many connections',
    unit: 'changes/s',
  };
}

/** A tenant with one job that runs by hand. */
async function makeJob(): Promise<void> {
  const store = createStore({ connection: postgres.connection, appKey: 'x'.repeat(32), log: SILENT_LOG });
  await store.start(new AbortController().signal);
  const tenant = { project: parseProjectName('bench'), namespace: parseNamespaceName('work') };
  await store.projects.save({ name: tenant.project, config: {} });
  await store.namespaces.save({ project: tenant.project, name: tenant.namespace, config: {} });
  const upserts = [toUpsert(tenant, makeJobSpec())];
  await store.jobs.apply({ project: tenant.project, upserts, deletes: [], author: '' });
  await store.stop();
}

/** Runs that are ready to be claimed, in a year of their own. */
async function addRuns(year: number): Promise<void> {
  await client.query(
    `WITH created AS (
      INSERT INTO run (job_id, version_id, namespace_id, scheduled_at, window_start, window_end, priority, state)
      SELECT id, version_id, namespace_id, at, at - interval '1 day', at, 1, 'queued'
      FROM job, generate_series(1, $1) n, LATERAL (SELECT make_date($2, 1, 1) + n * interval '1 minute' AS at) tick
      RETURNING id, namespace_id, priority
    )
    INSERT INTO run_instance (run_id, namespace_id, priority, type, name, role, position, state)
    SELECT id, namespace_id, priority, 'task', 'neo', 'task', 0, 'queued' FROM created`,
    [RUNS, 2000 + year],
  );
  await client.query('ANALYZE');
}

/** Starts workers, lets them begin together, and answers how long the last one took, in ms. */
async function timeWorkers(file: string, count: number, args: readonly string[] = []): Promise<number> {
  const program = fileURLToPath(new URL(`runs/${file}`, import.meta.url));
  const workers = Array.from({ length: count }, () => fork(program, [host, String(port), ...args]));
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  const startedAt = performance.now();
  const ended = workers.map(async (worker) => {
    const [code] = await once(worker, 'exit');
    if (code !== 0) throw new Error(`${file} ended with ${code}`);
  });
  for (const worker of workers) worker.send('begin');
  await Promise.all(ended);
  return performance.now() - startedAt;
}
