import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { computeWindow } from '@optimus/compiler';
import { cancelRun, deleteJob, parseNamespaceName, parseProjectName, setJobPaused } from '@optimus/domain';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  AT,
  behave,
  dependOn,
  explain,
  explainOnce,
  keyOf,
  makeJob,
  TICK,
  untilTold,
} from '../testing/explained-jobs.ts';
import { SchedulerFixture } from '../testing/scheduler-fixture.ts';

const WEEK = { startDate: '2022-09-18', endDate: '2022-09-25', interval: '0 2 * * *' };
const PROJECT = parseProjectName('space');
let fixture: SchedulerFixture;

beforeEach(async () => {
  fixture = await SchedulerFixture.create();
});
afterEach(() => fixture.drop());

function pause(job: string): Promise<void> {
  return setJobPaused(fixture.database.store, { project: 'space', job }, true);
}

describe('a run that waits for others', () => {
  it('names the upstream, its tick, and why that failed', async () => {
    await fixture.deployJobs([makeJob('broken', 'exit 3'), makeJob('daily', '', dependOn('broken'))]);
    await fixture.startServer();
    await fixture.waitForEnd(1, 15_000, 'broken');
    const answer = await explainOnce(fixture, 'upstream', 'daily');
    expect(answer.sentence).toBe(
      `daily at ${AT} waits for broken at ${AT}, which failed: task neo exited with code 3.`,
    );
    expect(answer).toMatchObject({ verdict: 'waiting', root: { job: 'broken', cause: 'exit_code' } });
    expect(answer.evidence).toContainEqual({ subject: 'waits for', text: `broken at ${AT}: failed` });
    expect(answer.advice.map(({ command }) => command)).toContain(
      `optimus job rerun broken --scheduled-at ${AT}`,
    );
  });

  it('names the run with which all waiting begins', async () => {
    await fixture.deployJobs([
      makeJob('first', 'exit 1'),
      makeJob('second', '', dependOn('first')),
      makeJob('third', '', dependOn('second')),
      makeJob('fourth', '', dependOn('third')),
    ]);
    await fixture.startServer();
    await fixture.waitForEnd(1, 15_000, 'first');
    expect((await explainOnce(fixture, 'upstream', 'third')).sentence).toBe(
      `third at ${AT} waits for second at ${AT}, which waits for first at ${AT}, which failed: task neo exited with code 1.`,
    );
    expect((await explainOnce(fixture, 'upstream', 'fourth')).sentence).toBe(
      `fourth at ${AT} waits for third at ${AT} and, through 2 waiting runs, for first at ${AT}, which failed: task neo exited with code 1.`,
    );
  });

  it('blames what failed rather than what still runs', async () => {
    await fixture.deployJobs([
      makeJob('broken', 'exit 1'),
      makeJob('slow', untilTold(fixture)),
      makeJob('daily', '', dependOn('slow', 'broken')),
    ]);
    await fixture.startServer();
    await fixture.waitForEnd(1, 15_000, 'broken');
    expect((await explainOnce(fixture, 'upstream', 'daily')).root?.job).toBe('broken');
  });

  it('says of an upstream that runs since when it does', async () => {
    await fixture.deployJobs([makeJob('slow', untilTold(fixture)), makeJob('daily', '', dependOn('slow'))]);
    await fixture.startServer();
    await explainOnce(fixture, 'running', 'slow');
    const { sentence, root } = await explainOnce(fixture, 'upstream', 'daily');
    expect(root?.cause).toBe('running');
    expect(sentence).toMatch(
      /waits for slow at \S+, which is running since \S+, for .* s: task neo, attempt 1 of 1\.$/,
    );
  });

  it('says of an upstream without a run that it is paused', async () => {
    await fixture.deployJobs([makeJob('upper', ''), makeJob('daily', '', dependOn('upper'))]);
    await pause('upper');
    await fixture.startServer();
    const answer = await explainOnce(fixture, 'upstream', 'daily');
    expect(answer.sentence).toBe(
      `daily at ${AT} waits for upper at ${AT}, which is held back: the job is paused.`,
    );
    expect(answer.advice[0]?.command).toBe('optimus job resume upper');
  });

  it('says of an upstream that was deleted that its run was canceled for it', async () => {
    await fixture.deployJobs([makeJob('upper', ''), makeJob('daily', '', dependOn('upper'))]);
    await fixture.startServer({}, { maxRunning: 0 });
    await explainOnce(fixture, 'upstream', 'daily');
    const address = { project: 'space', namespace: 'sky', job: 'upper' };
    await deleteJob(fixture.database.store, address, { author: 'test', isForced: true });
    expect((await explain(fixture, 'daily')).sentence).toMatch(
      /^daily at \S+ waits for upper at \S+, which was canceled at \S+: the job was deleted\.$/,
    );
  });

  it('says that it waits for its own past, and which of it failed', async () => {
    const script = `case "$SCHEDULED_AT" in 2022-09-20*) exit 1;; esac`;
    await fixture.deployJobs([
      makeJob('past', script, { schedule: WEEK, ...behave({ dependsOnPast: true }) }),
    ]);
    await fixture.startServer();
    await fixture.waitForEnd(2, 15_000, 'past');
    const answer = await explainOnce(fixture, 'past', 'past');
    expect(answer.sentence).toBe(
      'past at 2022-09-25T02:00:00Z waits for its own run at 2022-09-24T02:00:00Z and, through 4 waiting runs, for its own run at 2022-09-20T02:00:00Z, which failed: task neo exited with code 1.',
    );
    expect(answer.evidence).toContainEqual({ subject: 'of the job', text: '4 other runs not over' });
  });
});

describe('a run that waits for an endpoint', () => {
  let endpoint: Server;

  beforeEach(async () => {
    endpoint = createServer((_, response) => response.writeHead(503).end());
    await once(endpoint.listen(0, '127.0.0.1'), 'listening');
  });
  afterEach(() => endpoint.close());

  it('names the endpoint that it waits for, and what that answered', async () => {
    const url = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/ready?key=hush`;
    const http = { name: 'landed', url, headers: {}, params: {} };
    await fixture.deployJobs([
      makeJob('asking', '', { dependencies: [{ type: 'http', name: '', http }] }),
      makeJob('daily', '', dependOn('asking')),
    ]);
    await fixture.startServer();
    await vi.waitFor(
      async () => expect((await explain(fixture, 'asking')).sentence).toContain('answered 503'),
      { timeout: 15_000 },
    );
    const answer = await explain(fixture, 'asking');
    expect(answer).toMatchObject({ cause: 'probe', verdict: 'waiting' });
    expect(answer.sentence).toMatch(
      /^asking at \S+ waits for endpoint landed, which answered 503 when last asked/,
    );
    expect(answer.evidence[0]?.subject).toBe('endpoint landed');
    const downstream = await explainOnce(fixture, 'upstream', 'daily');
    expect(downstream.root).toMatchObject({ job: 'asking', cause: 'probe' });
    expect(downstream.sentence).toMatch(/waits for asking at \S+, which waits for endpoint landed, /);
    expect(JSON.stringify([answer, downstream])).not.toContain('hush');
  });
});

describe('a run that is held back', () => {
  it('says that its job is paused', async () => {
    await fixture.deployJobs([makeJob('idle', '', behave({ maxActiveRuns: 1 }))]);
    await fixture.startServer({}, { maxRunning: 0 });
    await explainOnce(fixture, 'slot', 'idle');
    await pause('idle');
    const answer = await explain(fixture, 'idle');
    expect(answer).toMatchObject({ cause: 'job_paused', verdict: 'waiting', state: 'queued' });
    expect(answer.sentence).toBe(`idle at ${AT} is held back: the job is paused.`);
    expect(answer.advice[0]?.command).toBe('optimus job resume idle');
  });

  it('names the limit of its job and the runs in the way', async () => {
    const script = untilTold(fixture);
    await fixture.deployJobs([makeJob('one', script, { schedule: WEEK, ...behave({ maxActiveRuns: 1 }) })]);
    await fixture.startServer();
    await fixture.waitForTrace(1);
    const answer = await explain(fixture, 'one', new Date('2022-09-21T02:00:00Z'));
    expect(answer.cause).toBe('job_limit');
    expect(answer.sentence).toBe(
      'one at 2022-09-21T02:00:00Z is held back by max_active_runs, 1 for the job: 1 run under way.',
    );
    expect(answer.evidence[0]).toEqual({ subject: 'in the way', text: `one at ${AT}` });
  });

  it('names the run that it may not overlap', async () => {
    const script = untilTold(fixture);
    await fixture.deployJobs([makeJob('one', script, { schedule: WEEK, ...behave({ overlap: 'wait' }) })]);
    await fixture.startServer();
    await fixture.waitForTrace(1);
    const answer = await explain(fixture, 'one', new Date('2022-09-21T02:00:00Z'));
    expect(answer.cause).toBe('overlap');
    expect(answer.sentence).toBe(
      'one at 2022-09-21T02:00:00Z waits for its turn, as behavior.overlap wait asks for: 1 run under way.',
    );
    expect(answer.evidence[0]).toEqual({ subject: 'in the way', text: `one at ${AT}` });
  });

  it('names the limit of its namespace and the runs in the way', async () => {
    const name = parseNamespaceName('sky');
    const config = { MAX_ACTIVE_RUNS: '1' };
    await fixture.database.store.namespaces.save({ project: PROJECT, name, config });
    await fixture.deployJobs([makeJob('one', untilTold(fixture)), makeJob('two', untilTold(fixture))]);
    await fixture.startServer();
    await fixture.waitForTrace(1);
    const answers = await Promise.all(['one', 'two'].map((job) => explain(fixture, job)));
    const held = answers.find(({ cause }) => cause === 'namespace_limit');
    expect(held?.sentence).toMatch(
      /is held back by MAX_ACTIVE_RUNS, 1 for namespace sky: 1 run under way\.$/,
    );
  });

  it.each([
    ['MAX_ACTIVE_RUNS', 'namespace_limit'],
    ['POOL_DEEP', 'pool_full'],
  ] as const)('says that nothing begins while %s is 0', async (key, cause) => {
    const name = parseNamespaceName('sky');
    await fixture.database.store.namespaces.save({ project: PROJECT, name, config: { [key]: '0' } });
    const metadata = { airflow: { pool: 'deep', queue: '' } };
    await fixture.deployJobs([makeJob('one', untilTold(fixture), { metadata })]);
    await fixture.startServer();
    const answer = await explainOnce(fixture, cause, 'one');
    expect(answer.evidence).toEqual([]);
    expect(answer.sentence).toMatch(
      new RegExp(`is held back by ${key}, 0 for namespace sky: nothing begins while it is 0\\.$`),
    );
  });

  it('names the limit of its project and the runs in the way', async () => {
    await fixture.database.store.projects.save({ name: PROJECT, config: { MAX_ACTIVE_RUNS: '1' } });
    await fixture.deployJobs([makeJob('one', untilTold(fixture)), makeJob('two', untilTold(fixture))]);
    await fixture.startServer();
    await fixture.waitForTrace(1);
    const answers = await Promise.all(['one', 'two'].map((job) => explain(fixture, job)));
    const held = answers.find(({ cause }) => cause === 'project_limit');
    expect(held?.sentence).toMatch(
      /is held back by MAX_ACTIVE_RUNS, 1 for project space: 1 run under way\.$/,
    );
  });

  it('names the pool that is full and the runs that have its slots', async () => {
    await fixture.database.store.projects.save({ name: PROJECT, config: { POOL_WARE_HOUSE: '1' } });
    const metadata = { airflow: { pool: 'ware-house', queue: '' } };
    const names = ['one', 'two'];
    await fixture.deployJobs(names.map((name) => makeJob(name, untilTold(fixture), { metadata })));
    await fixture.startServer();
    await fixture.waitForTrace(1);
    const answers = await Promise.all(names.map((name) => explain(fixture, name)));
    const held = answers.find(({ cause }) => cause === 'pool_full');
    const other = held?.sentence.startsWith('one') ? 'two' : 'one';
    expect(held?.sentence).toMatch(
      /is held back by POOL_WARE_HOUSE, 1 for project space: 1 attempt under way\.$/,
    );
    expect(held?.evidence[0]).toEqual({ subject: 'in the way', text: `${other} at ${AT}` });
  });

  it('counts the attempts that have the slots and the runs before it', async () => {
    await fixture.deployJobs([makeJob('many', untilTold(fixture), { schedule: WEEK })]);
    await fixture.startServer({}, { maxRunning: 1 });
    await fixture.waitForTrace(1);
    const answer = await explain(fixture, 'many', new Date('2022-09-21T02:00:00Z'));
    expect(answer.cause).toBe('slot');
    expect(answer.sentence).toBe(
      'many at 2022-09-21T02:00:00Z waits for a free slot: 1 attempt under way, 1 run before it.',
    );
    expect(answer.evidence).toContainEqual({
      subject: 'before it',
      text: 'many at 2022-09-20T02:00:00Z',
    });
  });

  it('says that no server is there to start it', async () => {
    await fixture.deployJobs([makeJob('alone', '')]);
    const server = await fixture.startServer({}, { maxRunning: 0 });
    await explainOnce(fixture, 'slot', 'alone');
    await server.stop();
    const answer = await explain(fixture, 'alone');
    expect(answer.cause).toBe('no_server');
    expect(answer.sentence).toBe(`alone at ${AT} has no server that would start it.`);
    expect(answer.advice.map(({ command }) => command)).toEqual(['optimus serve']);
  });
});

it('a run goes on as soon as what it waits for does, and says so', async () => {
  await fixture.deployJobs([makeJob('slow', untilTold(fixture)), makeJob('daily', '', dependOn('slow'))]);
  await fixture.startServer();
  await explainOnce(fixture, 'running', 'slow');
  await mkdir(join(fixture.dataDir, 'go'));
  await fixture.waitForEnd(1, 15_000, 'daily');
  expect((await explain(fixture, 'daily')).verdict).toBe('succeeded');
});

it('a run that was canceled says by what word', async () => {
  await fixture.deployJobs([makeJob('idle', '')]);
  await fixture.startServer({}, { maxRunning: 0 });
  await explainOnce(fixture, 'slot', 'idle');
  const deps = { ...fixture.database.store, computeWindow };
  await cancelRun(deps, keyOf('idle', TICK), 'wrong table');
  const answer = await explain(fixture, 'idle');
  expect(answer).toMatchObject({ cause: 'canceled', verdict: 'canceled' });
  expect(answer.sentence).toMatch(/^idle at \S+ was canceled at \S+: wrong table\.$/);
});
