import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type JobSpec, parseJobName } from '@optimus/domain';
import { makeJobSpec } from '@optimus/domain/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SchedulerFixture } from '../testing/scheduler-fixture.ts';

const base = makeJobSpec();
const HOURS_OF_A_DAY = { startDate: '2022-09-18', endDate: '2022-09-19', interval: '0 * * * *' };
const ONE_DAY = { startDate: '2022-09-18', endDate: '2022-09-19', interval: '0 2 * * *' };
const HOUR = { size: '1h', offset: '0', truncateTo: 'h' };
let fixture: SchedulerFixture;

beforeEach(async () => {
  fixture = await SchedulerFixture.create();
});
afterEach(() => fixture.drop());

/** A job whose task notes its name and tick, and then does the rest. */
function makeJob(name: string, rest: string, overrides: Partial<JobSpec> = {}): JobSpec {
  const script = `echo "$JOB_NAME $SCHEDULED_AT" >> ${join(fixture.dataDir, 'trace')}; ${rest}`;
  const task = { ...base.task, config: [{ name: 'SCRIPT', value: script }], ...overrides.task };
  return {
    ...base,
    ...overrides,
    name: parseJobName(name),
    task: { ...task, config: [{ name: 'SCRIPT', value: script }] },
  };
}

function dependOn(name: string): Partial<JobSpec> {
  return { schedule: ONE_DAY, dependencies: [{ type: 'intra', name }] };
}

describe('a run with upstreams', () => {
  it('starts after all runs that cover its window, and not before', async () => {
    const hourly = makeJob('hourly', '', { schedule: HOURS_OF_A_DAY, task: { ...base.task, window: HOUR } });
    await fixture.deployJobs([hourly, makeJob('daily', '', dependOn('hourly'))]);
    await fixture.startServer();
    await fixture.waitForEnd(1, 30_000, 'daily');
    const before = fixture.trace().slice(
      0,
      fixture.trace().findIndex((line) => line.startsWith('daily')),
    );
    const hours = before.map((line) => line.slice('hourly '.length, 'hourly 2022-09-18T00:00'.length));
    // The window is the 18th.
    expect(hours.filter((hour) => hour > '2022-09-18T00:00' && hour <= '2022-09-19T00:00')).toHaveLength(24);
  }, 40_000);

  it('waits as long as its upstream fails, and says so', async () => {
    await fixture.deployJobs([
      makeJob('broken', 'exit 1', { schedule: ONE_DAY }),
      makeJob('daily', '', dependOn('broken')),
    ]);
    await fixture.startServer();
    await fixture.waitForEnd(1, 15_000, 'broken');
    const [run] = await fixture.runs('daily');
    expect(run?.state).toBe('wait_upstream');
    expect(run?.instances[0]?.state).toBe('pending');
  });

  it('starts also when the server died in the moment its upstream ended', async () => {
    const go = join(fixture.dataDir, 'go');
    await fixture.deployJobs([
      makeJob('slow', `while [ ! -e ${go} ]; do sleep 0.02; done`, { schedule: ONE_DAY }),
      makeJob('daily', '', dependOn('slow')),
    ]);
    const first = await fixture.startServer();
    await fixture.waitForTrace(1);
    await first.stop();
    await mkdir(go);
    await fixture.startServer();
    const [run] = await fixture.waitForEnd(1, 15_000, 'daily');
    expect(run?.state).toBe('success');
  });
});

describe('a job that depends on its past', () => {
  const dependent = { behavior: { ...base.behavior, dependsOnPast: true } };

  it('runs its ticks one after the other', async () => {
    await fixture.deployJobs([makeJob('past', 'sleep 0.01', dependent)]);
    await fixture.startServer();
    await fixture.waitForEnd(7, 20_000, 'past');
    const ticks = fixture.trace();
    expect(ticks).toHaveLength(7);
    expect(ticks).toEqual(ticks.toSorted());
  });

  it('stops at the first tick that fails', async () => {
    const script = `case "$SCHEDULED_AT" in 2022-09-20*) exit 1;; esac`;
    await fixture.deployJobs([makeJob('past', script, dependent)]);
    await fixture.startServer();
    await fixture.waitForEnd(2, 15_000, 'past');
    const states = (await fixture.runs('past')).map(({ state }) => state);
    expect(states).toEqual(['success', 'failed', ...Array.from({ length: 5 }, () => 'wait_upstream')]);
  });
});

describe('runs of a job that would overlap', () => {
  it('meet never: with the policy cancel each begins when the task of the one before has gone', async () => {
    const trace = join(fixture.dataDir, 'trace');
    const rest = `trap 'sleep 0.2; echo end >> ${trace}; exit 1' TERM; sleep 60 & wait`;
    const schedule = { startDate: '2022-09-18', interval: '@every 1s' };
    const behavior = { ...base.behavior, catchUp: false, overlap: 'cancel' } as const;
    await fixture.deployJobs([makeJob('restless', rest, { schedule, behavior })]);
    await fixture.startServer();
    await fixture.waitForTrace(6);
    const steps = fixture.trace().map((line) => (line === 'end' ? 'end' : 'begin'));
    expect(steps).toEqual(steps.map((_, index) => (index % 2 === 0 ? 'begin' : 'end')));
    const canceled = (await fixture.runs('restless')).filter(({ state }) => state === 'canceled');
    expect(canceled.length).toBeGreaterThanOrEqual(2);
    for (const { message } of canceled) expect(message).toMatch(/^the run of .*Z took its place$/);
  }, 30_000);

  it('are skipped while one goes on, with the policy skip', async () => {
    const go = join(fixture.dataDir, 'go');
    const rest = `while [ ! -e ${go} ]; do sleep 0.02; done`;
    const behavior = { ...base.behavior, overlap: 'skip' } as const;
    await fixture.deployJobs([makeJob('slow', rest, { behavior })]);
    await fixture.startServer();
    await fixture.waitForTrace(1);
    await mkdir(go);
    await fixture.waitForEnd(1, 15_000, 'slow');
    const runs = await fixture.runs('slow');
    expect(runs.map(({ state }) => state)).toEqual([
      'success',
      ...Array.from({ length: 6 }, () => 'skipped'),
    ]);
    expect(runs[6]?.message).toBe('the run of 2022-09-19T02:00:00Z was not over');
  });
});
