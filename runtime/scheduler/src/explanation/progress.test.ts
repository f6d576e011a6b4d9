import { present, SILENT_LOG } from '@optimus/domain';
import { createProcessExecutor } from '@optimus/executors';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AT, behave, explain, explainOnce, makeJob, TICK, untilTold } from '../testing/explained-jobs.ts';
import { SchedulerFixture } from '../testing/scheduler-fixture.ts';

const SERVER = { hostId: 'far-away', serverId: 'server-x' };
const WEEK = { startDate: '2022-09-18', endDate: '2022-09-25', interval: '0 2 * * *' };
const LATER = { retry: { count: 3, delayMs: 3_600_000, exponentialBackoff: false } };
let fixture: SchedulerFixture;

beforeEach(async () => {
  fixture = await SchedulerFixture.create();
});
afterEach(() => fixture.drop());

/** Has the run of the only job planned, and its task claimed by a server that says nothing more. */
async function claim(leaseMs: number) {
  const server = await fixture.startServer({}, { maxRunning: 0 });
  await explainOnce(fixture, 'slot', 'daily');
  await server.stop();
  const { attempts } = await fixture.database.store.runs.claim(SERVER, { limit: 1, leaseMs });
  return present(attempts[0], 'an attempt');
}

describe('a run that has begun', () => {
  it('says that it is being started', async () => {
    await fixture.deployJobs([makeJob('daily', '')]);
    await claim(60_000);
    const answer = await explain(fixture, 'daily');
    expect(answer).toMatchObject({ cause: 'starting', verdict: 'running' });
    expect(answer.sentence).toMatch(/^daily at \S+ is being started: task neo, attempt 1 of 1, for \S+ s\.$/);
  });

  it('says since when it runs, where, and at which attempt', async () => {
    await fixture.deployJobs([makeJob('daily', untilTold(fixture), behave(LATER))]);
    await fixture.startServer();
    const answer = await explainOnce(fixture, 'running', 'daily');
    expect(answer).toMatchObject({ cause: 'running', verdict: 'running', state: 'running' });
    expect(answer.sentence).toMatch(/is running since \S+, for \S+ s: task neo, attempt 1 of 4\.$/);
    expect(answer.evidence[0]?.subject).toBe('neo, attempt 1');
    expect(answer.evidence[0]?.text).toMatch(/^running; from \S+ for .* s, on host host$/);
    expect(answer.advice[0]?.command).toBe(
      `optimus job logs daily --scheduled-at ${AT} --instance neo --follow`,
    );
  });

  it('says that it is being ended when its time is over, and by when it is made to', async () => {
    await fixture.deployJobs([makeJob('daily', '', behave({ attemptTimeoutMs: 1 }))]);
    await fixture.database.store.runs.markRunning(await claim(60_000), {});
    const answer = await explain(fixture, 'daily');
    expect(answer).toMatchObject({ cause: 'running', verdict: 'running', state: 'running' });
    expect(answer.sentence).toMatch(
      /^daily at \S+ is being ended, for \S+ s, for its time is over: task neo, attempt 1 of 1; it is made to in \d+\.\d s, when it has not\.$/,
    );
    expect(answer.advice.map(({ command }) => command).join()).not.toContain('cancel');
    await fixture.query(`UPDATE attempt SET deadline_at = now() - interval '10 s'`);
    expect((await explain(fixture, 'daily')).sentence).toMatch(/attempt 1 of 1; it is being made to\.$/);
  });

  it('is late when it takes longer than its last runs, and says by how much', async () => {
    const script = `case "$SCHEDULED_AT" in 2022-09-25*) ${untilTold(fixture)};; esac`;
    await fixture.deployJobs([makeJob('daily', script, { schedule: WEEK })]);
    await fixture.startServer();
    await fixture.waitForEnd(6, 15_000, 'daily');
    await explainOnce(fixture, 'running', 'daily');
    await fixture.query(`UPDATE run SET started_at = now() - interval '2 hours' WHERE state = 'running'`);
    const answer = await explain(fixture, 'daily');
    expect(answer).toMatchObject({ cause: 'running', verdict: 'late' });
    expect(answer.sentence).toMatch(/; it is 1 h 58 min late\.$/);
    expect(answer.evidence.map(({ subject }) => subject)).toEqual([
      'neo, attempt 1',
      'usual duration',
      'expected by',
    ]);
    expect(answer.expectedBy?.getTime()).toBeLessThan(Date.now());
  }, 30_000);

  it('says when it is tried again, and why the last try failed', async () => {
    await fixture.deployJobs([makeJob('daily', 'exit 7', behave(LATER))]);
    await fixture.startServer();
    const answer = await explainOnce(fixture, 'retry_pause', 'daily');
    expect(answer.sentence).toMatch(
      /^daily at \S+ pauses until \S+, (59 min|1 h) from now, after attempt 1 of 4 of task neo exited with code 7\.$/,
    );
    expect(answer.verdict).toBe('waiting');
    expect(answer.advice.map(({ command }) => command.split(' ').slice(0, 3).join(' '))).toEqual([
      'optimus job logs',
      'optimus job cancel',
    ]);
  });

  it('says what to mend when the task could not be started, and of no log', async () => {
    const executor = createProcessExecutor({ dataDir: fixture.dataDir, images: {}, log: SILENT_LOG });
    await fixture.deployJobs([makeJob('daily', '', behave(LATER))]);
    await fixture.startServer({ executor });
    const answer = await explainOnce(fixture, 'retry_pause', 'daily');
    expect(answer.sentence).toMatch(
      /after attempt 1 of 4 of task neo could not be started: .*; give its command line in executor\.process\.images/,
    );
    expect(answer.advice.map(({ command }) => command)).not.toContainEqual(
      expect.stringContaining('job logs'),
    );
  });

  it('says that its server is silent, and who takes it up', async () => {
    await fixture.deployJobs([makeJob('daily', '')]);
    await claim(1);
    const answer = await explainOnce(fixture, 'recovering', 'daily');
    expect(answer.sentence).toMatch(/is about to be taken up again: its server has been silent for \S+ s\.$/);
    expect(answer.evidence[0]?.text).toContain('on host far-away');
    expect(answer.evidence[1]).toEqual({ subject: 'server', text: 'none is there to take it up' });
    expect(answer.advice[0]?.command).toBe('optimus serve');
  });

  it('says that it starts again after its attempt was lost', async () => {
    await fixture.deployJobs([makeJob('daily', '')]);
    const attempt = await claim(60_000);
    const message = 'the server that ran it died, and its executor no longer knows of it';
    const next = { kind: 'retry', delayMs: 0, message } as const;
    await fixture.database.store.runs.finish(attempt, { kind: 'lost', message }, next);
    const answer = await explain(fixture, 'daily');
    expect(answer.cause).toBe('recovering');
    expect(answer.sentence).toBe(
      `daily at ${AT} starts again: its attempt 1 was lost with its server; it has no server that would start it.`,
    );
  });
});

describe('a tick that is due', () => {
  it('is about to be planned while a server leads, and late when that takes long', async () => {
    await fixture.deployJobs([makeJob('daily', '')]);
    await fixture.database.store.leases.acquire('planner', 'somebody', 60_000);
    const answer = await explain(fixture, 'daily');
    expect(answer).toMatchObject({ cause: 'planning', verdict: 'late', scheduledAt: TICK, state: undefined });
    expect(answer.sentence).toMatch(
      /^daily at \S+ is about to be planned: it came due \d+ d.* ago; it is \d+ d.* late\.$/,
    );
  });

  it('waits for a server when none leads', async () => {
    await fixture.deployJobs([makeJob('daily', '')]);
    const answer = await explain(fixture, 'daily');
    expect(answer).toMatchObject({ cause: 'no_server', verdict: 'late' });
    expect(answer.sentence).toMatch(/has no server that would plan it; it is .* late\.$/);
    expect(answer.evidence).toEqual([{ subject: 'server', text: 'none: the last one was stopped' }]);
  });
});
