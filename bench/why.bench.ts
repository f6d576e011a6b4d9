import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { computeWindow } from '@optimus/compiler';
import {
  deployJobs,
  explainJobRun,
  NO_RESOURCES,
  OptimusError,
  parseNamespaceName,
  parseProjectName,
  SILENT_LOG,
} from '@optimus/domain';
import { createInMemoryPlugins, makeJobSpec, makePluginInfo } from '@optimus/domain/testing';
import { createStore, startEmbeddedPostgres } from '@optimus/store';
import { Client } from 'pg';
import { median } from './measure/median.ts';
import { printFigures } from './measure/print-figures.ts';

// Why a run failed, asked of a job with a thousand runs, and again when it has a million.
const FEW = 1_000;
const MANY = 1_000_000;
const ROUNDS = 200;

const folder = await mkdtemp(join(tmpdir(), 'why-'));
const postgres = await startEmbeddedPostgres({ dataDir: folder, log: SILENT_LOG });
const store = createStore({ connection: postgres.connection, appKey: 'a key of the bench', log: SILENT_LOG });
const client = new Client({ ...postgres.connection });
try {
  await store.start(new AbortController().signal);
  await client.connect();
  await deployOne();
  await storeRuns(1, FEW);
  const bare = await measure();
  await storeRuns(FEW + 1, MANY);
  const ours = await measure();
  printFigures([
    {
      name: `why, of ${MANY.toLocaleString('en')} runs`,
      ours,
      bare,
      against: `of ${FEW.toLocaleString('en')}`,
      unit: 'ms',
    },
  ]);
} finally {
  await client.end();
  await store.stop();
  await postgres.stop();
  await rm(folder, { recursive: true });
}

async function deployOne(): Promise<void> {
  await store.projects.save({ name: parseProjectName('space'), config: {} });
  await store.namespaces.save({
    project: parseProjectName('space'),
    name: parseNamespaceName('sky'),
    config: {},
  });
  const plugins = createInMemoryPlugins([makePluginInfo()]);
  const inferResources = async () => ({ ...NO_RESOURCES, problems: [] });
  const deps = {
    ...store,
    plugins,
    computeWindow,
    inferResources,
    others: { names: [] },
    findTemplateProblems: () => [],
    findMissingValues: () => [],
    now: () => store.readNow(),
  };
  const request = { project: 'space', namespace: 'sky', jobs: [makeJobSpec()], isComplete: true, author: '' };
  await deployJobs(deps, request);
}

/** Runs of a minute each, with an instance and an attempt; every hundredth has failed, and the newest of them too. */
async function storeRuns(from: number, to: number): Promise<void> {
  await client.query(
    `INSERT INTO run (job_id, version_id, namespace_id, scheduled_at, window_start, window_end, priority, state, started_at, finished_at)
     SELECT id, version_id, namespace_id, timestamptz '2000-01-01' + n * interval '1 minute', now(), now(), 1,
       CASE WHEN n % 100 = 0 THEN 'failed' ELSE 'success' END, now(), now() + interval '1 second'
     FROM job, generate_series($1::int, $2::int) n`,
    [from, to],
  );
  await client.query(
    `INSERT INTO run_instance (run_id, namespace_id, priority, type, name, role, position, state, attempt_count)
     SELECT id, namespace_id, 1, 'task', 'neo', 'task', 0, state, 1 FROM run
     WHERE NOT EXISTS (SELECT FROM run_instance WHERE run_id = run.id)`,
  );
  await client.query(
    `INSERT INTO attempt (instance_id, number, state, host_id, server_id, lease_expires_at, exit_code, outcome)
     SELECT id, 1, state, 'h', 's', now(), 1, 'exited' FROM run_instance
     WHERE NOT EXISTS (SELECT FROM attempt WHERE instance_id = run_instance.id)`,
  );
  await client.query('UPDATE job_schedule SET next_scheduled_at = NULL');
  await client.query('VACUUM ANALYZE');
}

/** The median of a question and its answer, in ms. */
async function measure(): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const begin = performance.now();
    const { cause } = await explainJobRun(
      { ...store, logs: { readTail }, computeWindow },
      { project: 'space', job: 'near-earth-objects' },
    );
    times.push(performance.now() - begin);
    if (cause !== 'exit_code')
      throw new OptimusError('INVARIANT_BROKEN', { message: `asked about ${cause}` });
  }
  return median(times);
}

function readTail(): Promise<Uint8Array> {
  return Promise.reject(new OptimusError('LOG_NOT_FOUND', { message: 'no log' }));
}
