import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SILENT_LOG } from '@optimus/domain';
import { makeJobSpec } from '@optimus/domain/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SchedulerFixture } from '../testing/scheduler-fixture.ts';
import { DEFAULT_RETENTION, type RetentionPolicy } from './retention-policy.ts';
import { RunPruner } from './run-pruner.ts';

const AT_ONCE = { runsMs: 1, eventsMs: 1, logsMs: 1, keepRuns: 2, everyMs: 50, pauseMs: 1 };
const FOR_EVER = { runsMs: undefined, eventsMs: undefined, logsMs: undefined };

let fixture: SchedulerFixture;

beforeEach(async () => {
  fixture = await SchedulerFixture.create();
});
afterEach(() => fixture.drop());

async function listLogs(): Promise<readonly string[]> {
  return (await readdir(join(fixture.dataDir, 'logs'))).toSorted();
}

async function count(table: string): Promise<number> {
  const [row] = await fixture.query(`SELECT count(*)::int AS rows FROM ${table}`);
  return Number(row?.['rows']);
}

/** Ended runs of the job of one week, an hour apart from 2010 on. */
async function store(runs: number): Promise<void> {
  await fixture.query(`
    INSERT INTO run (job_id, version_id, namespace_id, scheduled_at, window_start, window_end, priority, state, finished_at)
    SELECT id, version_id, namespace_id, timestamptz '2010-01-01' + n * interval '1 hour', now(), now(), 1, 'success',
      timestamptz '2010-01-01' + n * interval '1 hour' FROM job, generate_series(1, ${runs}) n`);
}

function makePruner(hostId: string, policy: Partial<RetentionPolicy> = {}): RunPruner {
  const { history, leases } = fixture.database.store;
  const retention = { ...DEFAULT_RETENTION, ...AT_ONCE, ...policy };
  return new RunPruner({ history, leases, policy: retention, hostId, log: SILENT_LOG });
}

it('removes runs, their events and their logs when their time is over, and leaves the newest runs without logs', async () => {
  await fixture.deploy('echo done');
  const keeping = await fixture.startServer({}, { retention: FOR_EVER });
  const runs = await fixture.waitForEnd(7);
  await keeping.stop();
  expect(await listLogs()).toHaveLength(7);
  await fixture.startServer({}, { retention: AT_ONCE });
  await expect.poll(() => listLogs()).toEqual([]);
  await expect.poll(() => count('run_event')).toBe(0);
  expect((await fixture.runs()).map(({ id }) => id)).toEqual(runs.slice(-2).map(({ id }) => id));
  expect(await count('attempt')).toBe(2);
});

it('plans no tick again whose run was removed, also when its job was deleted meanwhile', async () => {
  await fixture.deploy('true');
  await fixture.startServer({}, { retention: { ...AT_ONCE, keepRuns: 1 } });
  await expect.poll(() => count('job_retention')).toBe(1);
  await fixture.waitForEnd(1);
  await fixture.deployJobs([]);
  await fixture.deploy('true', { description: 'deployed again' });
  const readCursor = async () => (await fixture.query('SELECT next_scheduled_at FROM job_schedule'))[0];
  await expect.poll(readCursor).toEqual({ next_scheduled_at: null });
  expect(await count('run')).toBe(1);
  expect((await fixture.runs())[0]?.scheduledAt).toEqual(new Date('2022-09-25T02:00:00Z'));
});

it('leaves the log of a task that runs, and what else lies there', async () => {
  await fixture.deployOne(fixture.toScript('sleep 60'));
  await fixture.startServer({}, { retention: AT_ONCE });
  await fixture.waitForTrace(1);
  const [live = ''] = await listLogs();
  // Of no attempt that the database knows: gone with the next pass.
  await writeFile(join(fixture.dataDir, 'logs', '99999.log'), '');
  await writeFile(join(fixture.dataDir, 'logs', 'notes.log'), '');
  await expect.poll(() => listLogs()).not.toContain('99999.log');
  expect(await listLogs()).toEqual([live, 'notes.log']);
});

it('goes on where another was killed in the middle', async () => {
  await fixture.deployJobs([makeJobSpec()]);
  await store(1_000);
  // It rests after its first portion for as long as the test takes.
  const killed = makePruner('killed', { pauseMs: 60_000 });
  await killed.start();
  await expect.poll(() => count('run')).toBeLessThan(1_000);
  await killed.stop();
  expect(await count('run')).toBeGreaterThan(2);
  const next = makePruner('next');
  await next.start();
  await expect.poll(() => count('run')).toBe(2);
  await next.stop();
  expect(await fixture.query('SELECT removed_runs::int AS runs FROM job_retention')).toEqual([{ runs: 998 }]);
});

it('leaves it to the one server that holds the lease', async () => {
  await fixture.deployJobs([makeJobSpec()]);
  const { leases } = fixture.database.store;
  await leases.acquire('pruner', 'another', 60_000);
  await store(10);
  const pruner = makePruner('this', { everyMs: 5 });
  await pruner.start();
  await leases.acquire('pruner', 'another', 60_000);
  expect(await count('run')).toBe(10);
  await leases.release('pruner', 'another');
  await expect.poll(() => count('run')).toBe(2);
  await pruner.stop();
});

it('removes nothing when it is told to keep everything', async () => {
  await fixture.deployJobs([makeJobSpec()]);
  await store(10);
  const pruner = makePruner('this', FOR_EVER);
  await pruner.start();
  await pruner.stop();
  expect(await count('run')).toBe(10);
  expect(await count('lease')).toBe(0);
});
