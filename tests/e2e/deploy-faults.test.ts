import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createRandom, mutate } from '@optimus/spec/testing';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CountingProxy, startCountingProxy } from './deploy/counting-proxy.ts';
import { prepareTwoStates, type TwoStates } from './deploy/two-states.ts';
import { queryDatabase } from './stage/query-database.ts';
import type { ServerProcess } from './stage/server-process.ts';
import { type Stage, setStage } from './stage/stage.ts';
import { optimusCommand } from './stage/stage-folder.ts';
import { waitUntil } from './stage/wait-until.ts';

/** Repositories that are broken at random; more of them with OPTIMUS_FAULT_REPOSITORIES=200. */
const REPOSITORIES = Number(process.env['OPTIMUS_FAULT_REPOSITORIES'] ?? 5);

let stage: Stage;
let states: TwoStates;
let server: ServerProcess;
let proxy: CountingProxy;
let startServer: () => Promise<void>;
/** What the server holds when a state is deployed. */
let one: string;
let other: string;
/** The one of them that a test finds, and the one that it deploys. */
let before: string;
let after: string;
/** Bytes that a deployment from one state to the other sends. */
let sentBytes: number;

beforeAll(async () => {
  stage = await setStage();
  await stage.configure({});
  proxy = await startCountingProxy(stage);
  const { plugins, ...rest } = await prepareTwoStates(stage, proxy.address);
  states = rest;
  startServer = async () => {
    server = await stage.startServer({ OPTIMUS_PLUGIN_DIRS: plugins });
  };
  await startServer();
  other = await deployState('other');
  one = await deployState('one');
  proxy.act(Number.POSITIVE_INFINITY, () => undefined);
  await deployState('other');
  sentBytes = proxy.sentBytes();
});

afterAll(async () => {
  proxy.close();
  await stage.clear();
});

/** Everything deployed and everything that follows from it at one moment, as one text. */
async function readState(): Promise<string> {
  const rows = await queryDatabase(
    stage,
    `WITH deployed AS (
       SELECT namespace.name AS namespace, job.name, content_hash, destination, level, next_scheduled_at,
         (SELECT count(*) FROM job_version_asset WHERE version_id = job.version_id) AS assets
       FROM job JOIN namespace ON namespace.id = namespace_id JOIN job_version ON job_version.id = version_id
         JOIN job_schedule ON job_schedule.job_id = job.id
       WHERE deleted_at IS NULL
     ), edge AS (
       SELECT job.name, urn, upstream.name AS upstream FROM job_dependency JOIN job ON job.id = job_id
         LEFT JOIN job upstream ON upstream.id = upstream_job_id
     )
     SELECT (SELECT jsonb_agg(deployed ORDER BY name) FROM deployed) AS jobs,
       (SELECT jsonb_agg(edge ORDER BY name, urn) FROM edge) AS edges`,
  );
  return JSON.stringify(rows);
}

async function deployState(state: 'one' | 'other'): Promise<string> {
  await states.write(state);
  const { code, stderr } = await stage.optimus(['deploy', '--force']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return readState();
}

/** A deployment that goes on while something happens to it. */
function startDeploy(): ChildProcess {
  const [program, ...args] = [...optimusCommand, 'deploy', '--force'];
  return spawn(program, args, { cwd: stage.repository, env: stage.env, stdio: 'ignore' });
}

/** Waits for the end of a deployment and says whether it succeeded. */
async function awaitEnd(deployment: ChildProcess): Promise<boolean> {
  if (deployment.exitCode === null && deployment.signalCode === null) await once(deployment, 'exit');
  return deployment.exitCode === 0;
}

/** Holds a table so that a change that comes to it stops there. */
async function holdTable(table: string) {
  const holder = new Client({
    host: path.join(stage.dataDir, 'postgres', 'socket'),
    port: 5432,
    user: 'optimus',
    database: 'optimus',
  });
  // Its server may be killed.
  holder.on('error', () => undefined);
  await holder.connect();
  await holder.query(`BEGIN; LOCK TABLE ${table} IN EXCLUSIVE MODE`);
  return {
    /** Resolves when a change stands there. */
    waiting: () =>
      waitUntil(`a change waits for ${table}`, async () => (await listWaiting(holder)).length > 0),
    /** Ends the connections of those who wait. */
    terminate: () =>
      holder.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
      ),
    release: () => holder.end().catch(() => undefined),
  };
}

async function listWaiting(holder: Client): Promise<readonly unknown[]> {
  const sql = `SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;
  return (await holder.query(sql)).rows;
}

/** What the server holds, and what it holds after another try. */
async function tryAgain() {
  const found = toWord(await readState());
  const { code, stderr } = await stage.optimus(['deploy', '--force']);
  return { found, code, stderr, afterwards: toWord(await readState()) };
}

function toWord(state: string): 'old' | 'new' | 'half' {
  if (state === after) return 'new';
  return state === before ? 'old' : 'half';
}

const DONE = { code: 0, stderr: '', afterwards: 'new' };
const WHOLE = { ...DONE, found: expect.stringMatching(/^(old|new)$/) };
const UNCHANGED = { ...DONE, found: 'old' };

/** The tables that a change comes to, in the order in which it does. */
const STAGES = ['asset', 'job_version', 'job_dependency'];

// There and back again: what one test has deployed, the next one deploys over.
beforeEach(async () => {
  before = await readState();
  after = before === other ? one : other;
  await states.write(before === other ? 'one' : 'other');
});

describe('a deployment whose client is killed', () => {
  it.each([0.02, 0.6, 1])('after %d of what it sends is done whole or not at all', async (part) => {
    proxy.act(part * sentBytes, () => deployment.kill('SIGKILL'));
    const deployment = startDeploy();
    await awaitEnd(deployment);
    expect(await tryAgain()).toEqual(WHOLE);
  });

  it.each(STAGES)('while the server writes %s is done whole or not at all', async (table) => {
    const held = await holdTable(table);
    const deployment = startDeploy();
    await held.waiting();
    deployment.kill('SIGKILL');
    await awaitEnd(deployment);
    await held.release();
    expect(await tryAgain()).toEqual(WHOLE);
  });
});

describe('a deployment whose server is killed', () => {
  it('in the middle of the stream changes nothing', async () => {
    proxy.act(sentBytes / 2, () => void server.end('SIGKILL'));
    expect(await awaitEnd(startDeploy())).toBe(false);
    await startServer();
    expect(await tryAgain()).toEqual(UNCHANGED);
  });

  it.each(STAGES)('while it writes %s changes nothing', async (table) => {
    const held = await holdTable(table);
    const deployment = startDeploy();
    await held.waiting();
    await server.end('SIGKILL');
    expect(await awaitEnd(deployment)).toBe(false);
    await held.release();
    await startServer();
    expect(await tryAgain()).toEqual(UNCHANGED);
  });
});

describe('a deployment whose database connection is ended', () => {
  it.each(['job_version'])('while it writes %s changes nothing, and says why', async (table) => {
    const held = await holdTable(table);
    const deployment = stage.optimus(['deploy', '--force']);
    await held.waiting();
    await held.terminate();
    await held.release();
    const { code, stderr } = await deployment;
    expect(code).toBe(1);
    expect(stderr).toContain('the database cannot be reached');
    expect(await tryAgain()).toEqual(UNCHANGED);
  });
});

describe('two deployments at once', () => {
  it('of the same state both succeed', async () => {
    const both = await Promise.all([startDeploy(), startDeploy()].map(awaitEnd));
    expect(both).toEqual([true, true]);
    expect(await readState()).toBe(after);
  });
});

it(`a partial deployment of ${REPOSITORIES} malformed repositories loses no job, and blames none but the files`, async () => {
  await deployState('one');
  const names = await listNames();
  for (let seed = 1; seed <= REPOSITORIES; seed += 1) {
    await states.write('one');
    await breakFiles(seed);
    const { code, stderr } = await stage.optimus(['deploy', '--partial', '--force']);
    expect(code, `seed ${seed}: ${stderr}`).toBeOneOf([0, 1]);
    expect(stderr, `seed ${seed}`).not.toMatch(/INVARIANT|internal|undefined|the server failed/i);
    expect(await listNames(), `seed ${seed}: ${stderr}`).toEqual(names);
  }
  expect(await deployState('one')).toBe(one);
});

async function listNames(): Promise<readonly unknown[]> {
  const rows = await queryDatabase(stage, 'SELECT name FROM job WHERE deleted_at IS NULL ORDER BY name');
  return rows.map(({ name }) => name);
}

/** Breaks some files below the line that gives the name: a file that says another name is another job. */
async function breakFiles(seed: number): Promise<void> {
  const random = createRandom(seed);
  for (const folder of states.jobFolders.filter(() => random.below(4) === 0)) {
    const file = path.join(folder, 'job.yaml');
    const [version = '', name = '', ...rest] = (await readFile(file, 'utf8')).split('\n');
    await writeFile(file, [version, name, mutate(rest.join('\n'), random)].join('\n'));
  }
}
