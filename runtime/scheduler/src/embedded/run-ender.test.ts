import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Executor,
  invariant,
  OptimusError,
  parseJobName,
  parseProjectName,
  SILENT_LOG,
} from '@optimus/domain';
import { makeJobSpec } from '@optimus/domain/testing';
import { createProcessExecutor } from '@optimus/executors';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SchedulerFixture } from '../testing/scheduler-fixture.ts';
import { IMAGES } from '../testing/scheduler-server.ts';

const { behavior } = makeJobSpec();
const RETRIED = { count: 1, delayMs: 0, exponentialBackoff: false };
const KEY = {
  project: parseProjectName('space'),
  job: parseJobName('near-earth-objects'),
  scheduledAt: new Date('2022-09-19T02:00:00Z'),
};
let fixture: SchedulerFixture;

beforeEach(async () => {
  fixture = await SchedulerFixture.create();
});
afterEach(() => fixture.drop());

/** A script that runs until it is ended, and notes that it was. */
function toEndless(): string {
  return fixture.toScript(
    `trap 'touch ${join(fixture.dataDir, 'ended')}; exit 0' TERM; while :; do sleep 0.02; done`,
  );
}

/** An executor that never gets what a task needs, as from a registry that does not answer. */
function createHangingExecutor(): Executor {
  const executor = createProcessExecutor({ dataDir: fixture.dataDir, images: IMAGES, log: SILENT_LOG });
  executor.start = async (_request, calledOff) => {
    invariant(calledOff, 'a start can be called off');
    await once(calledOff, 'abort');
    throw new OptimusError('EXECUTOR_FAILED', { message: 'aborted' });
  };
  return executor;
}

/** The states of the only instance's attempts, once none lives. */
function waitForAttempts(): Promise<readonly string[]> {
  return vi.waitFor(
    async () => {
      const [run] = await fixture.runs();
      const states = run?.instances[0]?.attempts.map(({ state }) => state) ?? [];
      expect(states.length).toBeGreaterThan(0);
      expect(states).not.toContain('running');
      expect(states).not.toContain('starting');
      return states;
    },
    { timeout: 15_000, interval: 10 },
  );
}

describe('a run that is canceled', () => {
  it('has its task end, whose exit code then counts for nothing', async () => {
    await fixture.startServer();
    await fixture.deployOne(toEndless());
    await fixture.waitForTrace(1);
    await fixture.database.store.runs.endEarly(KEY, { state: 'canceled', message: 'enough' });
    expect(await waitForAttempts()).toEqual(['canceled']);
    expect((await fixture.runs())[0]).toMatchObject({ state: 'canceled', message: 'enough' });
  });

  it('has its task end also when the executor does not take it the first time', async () => {
    const executor = createProcessExecutor({ dataDir: fixture.dataDir, images: IMAGES, log: SILENT_LOG });
    const cancel = executor.cancel.bind(executor);
    let asked = 0;
    executor.cancel = async (handle, graceMs) => {
      asked += 1;
      if (asked === 1) throw new OptimusError('EXECUTOR_FAILED', { message: 'the engine restarts' });
      await cancel(handle, graceMs);
    };
    await fixture.startServer({ executor });
    await fixture.deployOne(toEndless());
    await fixture.waitForTrace(1);
    await fixture.database.store.runs.endEarly(KEY, { state: 'canceled', message: '' });
    expect(await waitForAttempts()).toEqual(['canceled']);
    expect(asked).toBe(2);
  });

  it('has its task end also when the server was away at that moment', async () => {
    const first = await fixture.startServer();
    await fixture.deployOne(toEndless());
    await fixture.waitForTrace(1);
    await first.stop();
    await fixture.database.store.runs.endEarly(KEY, { state: 'canceled', message: '' });
    await fixture.startServer();
    expect(await waitForAttempts()).toEqual(['canceled']);
  });

  it('has its task not begin when it is still being started', async () => {
    await fixture.startServer({ executor: createHangingExecutor() });
    await fixture.deployOne(toEndless());
    await expect.poll(async () => (await fixture.runs())[0]?.state).toBe('running');
    await fixture.database.store.runs.endEarly(KEY, { state: 'canceled', message: '' });
    expect(await waitForAttempts()).toEqual(['canceled']);
    expect(fixture.trace()).toEqual([]);
  });

  it('runs again when it is told to', async () => {
    await fixture.startServer();
    const file = join(fixture.dataDir, 'second');
    // The folder is there before the note that lets the test go on.
    const endless = fixture.toScript('while :; do sleep 0.02; done');
    await fixture.deployOne(`mkdir ${file} || exit 0; ${endless}`);
    await fixture.waitForTrace(1);
    const { runs } = fixture.database.store;
    await runs.endEarly(KEY, { state: 'canceled', message: '' });
    await waitForAttempts();
    // It may have begun by the time it is looked at.
    expect((await runs.rerun(KEY, { scope: 'all' }))?.state).toMatch(/^(queued|running|success)$/);
    const [run] = await fixture.waitForEnd(1);
    expect(run?.state).toBe('success');
    expect(run?.instances[0]?.attempts.map(({ state }) => state)).toEqual(['canceled', 'success']);
  });
});

it('a start that does not come to an end does not keep a server from stopping, and is made good by the next one', async () => {
  const first = await fixture.startServer({ executor: createHangingExecutor() }, { stopGraceMs: 100 });
  await fixture.deployOne(fixture.toScript());
  await expect.poll(async () => (await fixture.runs())[0]?.state).toBe('running');
  await first.stop();
  await fixture.startServer();
  const [run] = await fixture.waitForEnd(1);
  expect(run?.state).toBe('success');
  expect(run?.instances[0]?.attempts.map(({ state }) => state)).toEqual(['lost', 'success']);
});

describe('a task whose time is over', () => {
  it('is ended and tried again, however it takes it', async () => {
    await fixture.startServer();
    await fixture.deployOne(toEndless(), {
      behavior: { ...behavior, retry: RETRIED, attemptTimeoutMs: 300 },
    });
    const [run] = await fixture.waitForEnd(1);
    expect(run).toMatchObject({ state: 'failed', message: 'was ended: its time was over' });
    expect(run?.instances[0]?.attempts.map(({ state }) => state)).toEqual(['failed', 'failed']);
  });

  it('is given up and tried again when it has not even begun', async () => {
    await fixture.startServer({ executor: createHangingExecutor() });
    await fixture.deployOne('exit 0', { behavior: { ...behavior, retry: RETRIED, attemptTimeoutMs: 300 } });
    const [run] = await fixture.waitForEnd(1);
    expect(run).toMatchObject({ state: 'failed', message: 'was ended: its time was over' });
    expect(run?.instances[0]?.attempts.map(({ state }) => state)).toEqual(['failed', 'failed']);
  });

  it('is not tried again when it was the time of its run', async () => {
    await fixture.startServer();
    await fixture.deployOne(toEndless(), { behavior: { ...behavior, retry: RETRIED, runTimeoutMs: 300 } });
    const [run] = await fixture.waitForEnd(1);
    expect(run).toMatchObject({ state: 'failed', message: 'was ended: the time of its run was over' });
    expect(run?.instances[0]?.attempts).toHaveLength(1);
  });

  it('fails with its own reason when its run has no time left for another try', async () => {
    await fixture.startServer();
    const retry = { count: 3, delayMs: 60_000, exponentialBackoff: false };
    await fixture.deployOne('exit 4', { behavior: { ...behavior, retry, runTimeoutMs: 30_000 } });
    const [run] = await fixture.waitForEnd(1);
    expect(run).toMatchObject({
      state: 'failed',
      message: 'exited with code 4; the time of its run, 30.0 s, is over before it could be tried again',
    });
    expect(run?.instances[0]?.attempts).toHaveLength(1);
  });

  it('is not tried again when that of its run was over before it ended', async () => {
    await fixture.startServer();
    // Time for its shell to come to the trap.
    const times = { attemptTimeoutMs: 1000, runTimeoutMs: 1200 };
    const retry = { count: 5, delayMs: 100, exponentialBackoff: false };
    const go = join(fixture.dataDir, 'go');
    const untilTold = `while [ ! -e ${go} ]; do sleep 0.02; done`;
    await fixture.deployOne(`trap '${untilTold}; exit 1' TERM; while :; do sleep 0.02; done`, {
      behavior: { ...behavior, retry, ...times },
    });
    await expect
      .poll(() => fixture.query('SELECT deadline_at < now() AS is_over FROM run'))
      .toEqual([{ is_over: true }]);
    await mkdir(go);
    const [run] = await fixture.waitForEnd(1);
    expect(run).toMatchObject({
      state: 'failed',
      message:
        'was ended: its time was over; the time of its run, 1.2 s, is over before it could be tried again',
    });
    expect(run?.instances[0]?.attempts).toHaveLength(1);
  });

  it('fails when that of its run is over while it waits for its turn', async () => {
    const { store } = fixture.database;
    await fixture.startServer();
    const config = { POOL_SHUT: '1' };
    await store.projects.save({ name: KEY.project, config });
    const retry = { count: 5, delayMs: 300, exponentialBackoff: false };
    const metadata = { airflow: { pool: 'shut', queue: '' } };
    await fixture.deployOne('exit 4', { metadata, behavior: { ...behavior, retry, runTimeoutMs: 2000 } });
    await expect.poll(async () => (await fixture.runs())[0]?.state).toBe('up_for_retry');
    await store.projects.save({ name: KEY.project, config: { POOL_SHUT: '0' } });
    const [run] = await fixture.waitForEnd(1);
    expect(run?.message).toMatch(/^exited with code 4; the time of its run, 2\.0 s, is over before /);
  });
});

it('a job of which one run may be active runs its ticks one at a time', async () => {
  const folder = join(fixture.dataDir, 'alone');
  await fixture.startServer();
  await fixture.deploy(`mkdir ${folder} || exit 1; sleep 0.02; rmdir ${folder}`, {
    behavior: { ...behavior, maxActiveRuns: 1 },
  });
  const runs = await fixture.waitForEnd(7, 30_000);
  expect(runs.map(({ state }) => state)).toEqual(runs.map(() => 'success'));
}, 40_000);
