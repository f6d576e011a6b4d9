import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OptimusError, parseJobName, SILENT_LOG } from '@optimus/domain';
import { claimOne, DONE, EXIT_0, makeJobSpec, makeTenant, planRun, toUpsert } from '@optimus/domain/testing';
import type { Store } from '@optimus/store';
import { createTestDatabase, type TestDatabase } from '@optimus/store/testing';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createComposedRegistry } from '../testing/composed-registry.ts';
import { decorate } from './decorate.ts';
import { observeScheduler } from './observe-scheduler.ts';
import { createSchedulerMetrics } from './scheduler-metrics.ts';
import { createStoreMetrics } from './store-metrics.ts';

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
});

afterAll(() => test.drop());

function makeExecutor() {
  const executor = {
    name: 'test',
    start: async () => ({ pid: 1 }),
    attach: async () => 'gone' as const,
    cancel: async () => {},
    onReport: () => {},
    discardExcept: async () => {},
    stop: async () => {},
  };
  return executor;
}

function observe(executor = makeExecutor()) {
  const registry = new Registry();
  const metrics = createSchedulerMetrics(registry, 7);
  const ports = observeScheduler({ ...test.store, executor }, metrics);
  const read = async (line: string) => {
    const text = await registry.metrics();
    return text
      .split('\n')
      .find((one) => one.startsWith(`${line} `))
      ?.split(' ')[1];
  };
  return { ports, read };
}

const REQUEST = { attemptId: '1', fence: '1', image: 'i', env: {}, files: {}, labels: {} };

describe('the metrics of a scheduler', () => {
  it('tell how long a run waited for its claim and its start, and how it ended', async () => {
    const { ports, read } = observe();
    const tenant = await makeTenant(test.store);
    await planRun(test.store, tenant);
    const attempt = await claimOne({ ...test.store, ...ports }, tenant);
    await ports.executor.start({ ...REQUEST, attemptId: attempt.attemptId });
    await ports.runs.finish(attempt, EXIT_0, DONE);
    expect(await read('optimus_attempt_queue_seconds_count')).toBe('1');
    expect(Number(await read('optimus_attempt_queue_seconds_sum'))).toBeLessThan(30);
    expect(await read('optimus_attempt_start_seconds_count')).toBe('1');
    expect(await read('optimus_executor_start_seconds_count')).toBe('1');
    expect(await read('optimus_attempts_ended_total{outcome="success"}')).toBe('1');
    expect(await read('optimus_runs_ended_total{state="success"}')).toBe('1');
    expect(await read('optimus_executor_slots')).toBe('7');
  });

  it('count no run that somebody ended while an attempt of it lived, and no start that was called off', async () => {
    const refusing = { ...makeExecutor(), start: async () => Promise.reject(new Error('aborted')) };
    const { ports, read } = observe(refusing);
    const tenant = await makeTenant(test.store);
    const job = await planRun(test.store, tenant);
    const attempt = await claimOne({ ...test.store, ...ports }, tenant);
    await test.store.runs.endEarly({ ...attempt, job }, { state: 'success', message: '' });
    await expect(ports.executor.start(REQUEST, AbortSignal.abort())).rejects.toThrow('aborted');
    await ports.runs.finish(attempt, EXIT_0, DONE);
    expect(await read('optimus_attempts_ended_total{outcome="success"}')).toBe('1');
    expect(await read('optimus_runs_ended_total{state="success"}')).toBeUndefined();
    expect(await read('optimus_executor_start_failures_total')).toBe('0');
  });

  it('tell starts that failed, attempts that were lost, and who plans', async () => {
    const broken = {
      ...makeExecutor(),
      start: () => Promise.reject(new OptimusError('EXECUTOR_FAILED', { message: 'x' })),
    };
    const { ports, read } = observe(broken);
    await expect(ports.executor.start(REQUEST)).rejects.toThrow('x');
    await ports.executor.attach(REQUEST, undefined);
    await ports.leases.acquire('planner', 'me', 60_000);
    expect(await read('optimus_executor_start_failures_total')).toBe('1');
    expect(await read('optimus_attempts_recovered_total{result="lost"}')).toBe('1');
    expect(await read('optimus_planner_leader')).toBe('1');
    await ports.leases.release('planner', 'me');
    await test.store.leases.acquire('planner', 'other', 60_000);
    await ports.leases.acquire('planner', 'me', 60_000);
    expect(await read('optimus_planner_leader')).toBe('0');
  });

  it('tell how late a run was made, by the clock of the database', async () => {
    const { ports, read } = observe();
    const tenant = await makeTenant(test.store);
    const name = parseJobName('late');
    const from = new Date(Date.now() - 5_000);
    const upsert = toUpsert(tenant, makeJobSpec({ name }), { nextScheduledAt: from });
    await test.store.jobs.apply({ project: tenant.project, upserts: [upsert], deletes: [], author: '' });
    const { jobs } = await ports.schedules.listDue(1_000);
    const due = jobs.find(({ spec }) => spec.name === name);
    const { jobId, versionId } = { jobId: due?.jobId ?? '', versionId: due?.versionId ?? '' };
    const run = { jobId, versionId, scheduledAt: from, window: { start: from, end: from }, priority: 1 };
    await ports.schedules.advance([{ jobId, versionId, from, to: undefined, runs: [run] }]);
    expect(await read('optimus_run_planning_lag_seconds_count')).toBe('1');
    expect(Number(await read('optimus_run_planning_lag_seconds_sum'))).toBeGreaterThanOrEqual(5);
  });
});

describe('the metrics of a store', () => {
  const hostId = 'host-of-metrics';

  it('tell what waits, by tenant and for how long, what runs, and that the database answers', async () => {
    const registry = new Registry();
    const tenant = await makeTenant(test.store);
    await planRun(test.store, tenant);
    await claimOne(test.store, tenant, { hostId, serverId: 's' });
    await planRun(test.store, tenant);
    createStoreMetrics(registry, test.store, { hostId, log: SILENT_LOG });
    const text = await registry.metrics();
    const labels = `project="${tenant.project}",namespace="${tenant.namespace}"`;
    expect(text).toContain(`optimus_queue_waiting{${labels}} 1\n`);
    expect(text).toMatch(new RegExp(`optimus_queue_oldest_seconds\\{${labels}\\} \\d`));
    expect(text).toMatch(/^optimus_runs\{state="queued"\} [1-9]/m);
    expect(text).toMatch(/^optimus_attempts\{state="starting"\} [1-9]/m);
    expect(text).toMatch(/^optimus_executor_running [1-9]/m);
    expect(text).toContain('optimus_database_up 1\n');
    expect(text).toMatch(/^optimus_database_notice_seconds 0\.\d+/m);
    expect(text).toContain('optimus_database_connections{state="limit"} 5\n');
    // What the scrape itself takes is not in it.
    expect(text).toContain('optimus_database_waiting 0\n');
  });

  it('answer without a database, and with no figure that would be old', async () => {
    const registry = new Registry();
    const away = () => Promise.reject(new OptimusError('DATABASE_UNAVAILABLE', { message: 'away' }));
    const store = decorate<Store>(test.store, { readFigures: away });
    createStoreMetrics(registry, store, { hostId, log: SILENT_LOG });
    const text = await registry.metrics();
    expect(text).toContain('optimus_database_up 0\n');
    expect(text).not.toMatch(/^optimus_runs\{/m);
    expect(text).toContain('optimus_executor_running Nan\n');
  });
});

it('the document of metrics names those that a server has', async () => {
  const document = await readFile(join(import.meta.dirname, '../../../../docs/metrics.md'), 'utf8');
  const documented = [...document.matchAll(/^\| `(\w+)` \| (\w+) \|/gm)].map(
    ([, name, type]) => `${name} ${type}`,
  );
  const registered = await createComposedRegistry(test.store);
  expect(documented.toSorted()).toEqual(registered.toSorted());
});
