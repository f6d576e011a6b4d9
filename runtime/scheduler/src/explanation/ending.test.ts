import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { computeWindow } from '@optimus/compiler';
import {
  type AttemptOutcome,
  createSecret,
  type Explanation,
  type JobSpec,
  markRun,
  present,
  SILENT_LOG,
} from '@optimus/domain';
import { createInMemoryPlugins } from '@optimus/domain/testing';
import { createProcessExecutor } from '@optimus/executors';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AT, behave, explain, explainOnce, keyOf, makeJob } from '../testing/explained-jobs.ts';
import { SchedulerFixture } from '../testing/scheduler-fixture.ts';
import { IMAGES } from '../testing/scheduler-server.ts';

let fixture: SchedulerFixture;

beforeEach(async () => {
  fixture = await SchedulerFixture.create();
});
afterEach(() => fixture.drop());

/** Runs the job to its end and asks why. */
async function runAndExplain(script: string, overrides: Partial<JobSpec> = {}): Promise<Explanation> {
  await fixture.deployJobs([makeJob('daily', script, overrides)]);
  await fixture.startServer();
  await fixture.waitForEnd(1, 15_000, 'daily');
  return explain(fixture, 'daily');
}

/** Ends the run's only attempt as its executor would say. */
async function endAndExplain(outcome: AttemptOutcome, message: string): Promise<Explanation> {
  await fixture.deployJobs([makeJob('daily', '')]);
  const server = await fixture.startServer({}, { maxRunning: 0 });
  await explainOnce(fixture, 'slot', 'daily');
  await server.stop();
  const { runs } = fixture.database.store;
  const claim = await runs.claim({ hostId: 'host', serverId: 'x' }, { limit: 1, leaseMs: 60_000 });
  const attempt = present(claim.attempts[0], 'an attempt');
  await runs.finish(attempt, outcome, { kind: 'failed', message });
  return explain(fixture, 'daily');
}

it('a run that succeeded names the hook that was not needed, and why', async () => {
  const answer = await runAndExplain('', { hooks: [{ name: 'audit', when: '{{ eq 1 2 }}', config: [] }] });
  expect(answer).toMatchObject({ cause: 'succeeded', state: 'success' });
  expect(answer.evidence).toContainEqual({
    subject: 'post hook audit',
    text: 'skipped: the "when" of hook audit is false',
  });
});

describe('a run that failed', () => {
  it('names the instance, its exit code, the tries, and the last lines of its log', async () => {
    const retry = { count: 1, delayMs: 0, exponentialBackoff: false };
    const answer = await runAndExplain('seq 1 20; echo no such table >&2; exit 4', behave({ retry }));
    expect(answer).toMatchObject({ cause: 'exit_code', verdict: 'failed', state: 'failed' });
    expect(answer.sentence).toBe(`daily at ${AT} failed: task neo exited with code 4, at attempt 2 of 2.`);
    const log = answer.evidence.filter(({ subject }) => subject === 'log').map(({ text }) => text);
    expect(log).toEqual(['12', '13', '14', '15', '16', '17', '18', '19', '20', 'no such table']);
    expect(answer.evidence.map(({ subject }) => subject).slice(0, 2)).toEqual([
      'neo, attempt 1',
      'neo, attempt 2',
    ]);
    expect(answer.advice.map(({ command }) => command)).toEqual([
      `optimus job logs daily --scheduled-at ${AT} --instance neo`,
      `optimus job rerun daily --scheduled-at ${AT}`,
      `optimus job rerun daily --scheduled-at ${AT} --newest`,
      `optimus job mark daily --scheduled-at ${AT} --as success`,
    ]);
  });

  it('shows no secret that its log was to hold', async () => {
    const address = { project: 'space', namespace: '', name: 'TOKEN' };
    await createSecret(fixture.database.store, address, 'hush-hush-hush');
    const answer = await runAndExplain('echo "token {{.secret.TOKEN}}"; exit 1');
    const said = JSON.stringify(answer);
    expect(said).toContain('token *');
    expect(said).not.toContain('hush-hush-hush');
  });

  it('names the hook by which it failed', async () => {
    const config = [{ name: 'SCRIPT', value: 'exit 9' }];
    const answer = await runAndExplain('', { hooks: [{ name: 'audit', config }] });
    expect(answer.sentence).toBe(`daily at ${AT} failed: post hook audit exited with code 9.`);
  });

  it('names the signal that ended it', async () => {
    const answer = await runAndExplain('kill -9 $$');
    expect(answer).toMatchObject({ cause: 'signal', verdict: 'failed' });
    expect(answer.sentence).toBe(`daily at ${AT} failed: task neo was ended by signal SIGKILL.`);
  });

  it('says that it used more memory than it may', async () => {
    const outcome = { kind: 'signaled', signal: 'SIGKILL', isOutOfMemory: true } as const;
    const message = 'was ended by signal SIGKILL: it used more memory than its limit';
    const answer = await endAndExplain(outcome, message);
    expect(answer).toMatchObject({ cause: 'out_of_memory', verdict: 'failed' });
    expect(answer.sentence).toBe(`daily at ${AT} failed: task neo ${message}.`);
  });

  it('says that an attempt took longer than it may', async () => {
    const answer = await runAndExplain('exec sleep 60', behave({ attemptTimeoutMs: 200 }));
    expect(answer).toMatchObject({ cause: 'attempt_timeout', verdict: 'failed' });
    expect(answer.sentence).toBe(`daily at ${AT} failed: task neo was ended: its time was over.`);
  });

  it('says that it took longer than a run may', async () => {
    const answer = await runAndExplain('exec sleep 60', behave({ runTimeoutMs: 200 }));
    expect(answer).toMatchObject({ cause: 'run_timeout', verdict: 'failed' });
    expect(answer.sentence).toBe(`daily at ${AT} failed: task neo was ended: the time of its run was over.`);
  });

  it('names its own reason also when the time of its run left none for another try', async () => {
    const retry = { count: 3, delayMs: 60_000, exponentialBackoff: false };
    const answer = await runAndExplain('exit 4', behave({ retry, runTimeoutMs: 30_000 }));
    expect(answer).toMatchObject({ cause: 'exit_code', verdict: 'failed' });
    expect(answer.sentence).toBe(
      `daily at ${AT} failed: task neo exited with code 4; the time of its run, 30.0 s, is over before it could be tried again.`,
    );
  });

  it('says of what had no turn that the time of its run was over', async () => {
    await fixture.deployJobs([makeJob('daily', 'exec sleep 60', behave({ runTimeoutMs: 60_000 }))]);
    await fixture.startServer({}, { maxRunning: 1 });
    await explainOnce(fixture, 'running', 'daily');
    await fixture.query(
      `UPDATE run_instance SET state = 'queued', attempt_base = attempt_count, ready_at = 'infinity'`,
    );
    await fixture.query('UPDATE run SET deadline_at = now()');
    await fixture.database.store.runs.settleOverdue();
    const answer = await explain(fixture, 'daily');
    expect(answer).toMatchObject({ cause: 'run_timeout', verdict: 'failed' });
    expect(answer.sentence).toBe(
      `daily at ${AT} failed: task neo was not begun: the time of its run, 1 min, was over.`,
    );
  });

  it('says that it was lost too often', async () => {
    const message = 'the server that ran it died, and its executor no longer knows of it';
    const answer = await endAndExplain({ kind: 'lost', message }, message);
    expect(answer).toMatchObject({ cause: 'lost', verdict: 'failed' });
    expect(answer.sentence).toBe(`daily at ${AT} failed: task neo was lost: ${message}.`);
    await fixture.query('UPDATE run_instance SET attempt_count = 6');
    expect((await explain(fixture, 'daily')).sentence).toBe(
      `daily at ${AT} failed: task neo was lost too often: ${message}, at attempt 6 of 6.`,
    );
  });

  it('says that its context could not be compiled, and how to see it', async () => {
    const answer = await runAndExplain('{{ fail "no such day" }}');
    expect(answer).toMatchObject({ cause: 'context', verdict: 'failed' });
    expect(answer.sentence).toMatch(/failed: task neo could not be compiled: .*no such day/);
    expect(answer.advice[0]?.command).toBe(`optimus job render daily --scheduled-at ${AT} --server`);
  });
});

describe('a run that could not be started', () => {
  it('names the image that the server does not know', async () => {
    const executor = createProcessExecutor({ dataDir: fixture.dataDir, images: {}, log: SILENT_LOG });
    await fixture.deployJobs([makeJob('daily', '')]);
    await fixture.startServer({ executor });
    const answer = await explainOnce(fixture, 'image', 'daily');
    expect(answer.verdict).toBe('failed');
    expect(answer.sentence).toMatch(/failed: task neo could not be started: .*example\/shell/);
  });

  it('names the plugin that the server does not have', async () => {
    await fixture.deployJobs([makeJob('daily', '')]);
    await fixture.startServer({}, { plugins: createInMemoryPlugins([]) });
    const answer = await explainOnce(fixture, 'plugin', 'daily');
    expect(answer.verdict).toBe('failed');
    expect(answer.sentence).toMatch(/failed: task neo could not be started: .*"neo"/);
    expect(answer.advice[0]?.command).toBe('optimus plugin list');
  });

  it('says what its executor stumbled over', async () => {
    const dataDir = join(fixture.dataDir, 'not-a-folder');
    await fixture.deployJobs([makeJob('daily', '')]);
    const executor = createProcessExecutor({ dataDir, images: IMAGES, log: SILENT_LOG });
    await fixture.startServer({ executor });
    await explainOnce(fixture, 'succeeded', 'daily');
    await rm(dataDir, { recursive: true });
    await writeFile(dataDir, '');
    await fixture.database.store.runs.rerun(keyOf('daily'), { scope: 'all' });
    const answer = await explainOnce(fixture, 'executor', 'daily');
    expect(answer.verdict).toBe('failed');
    expect(answer.sentence).toMatch(/failed: task neo could not be started: /);
  });
});

describe('a run that is over', () => {
  it('that succeeded says when, how long it took, and when the next one comes', async () => {
    const answer = await runAndExplain('');
    expect(answer).toMatchObject({ cause: 'succeeded', verdict: 'succeeded', state: 'success' });
    expect(answer.sentence).toMatch(/^daily at \S+ succeeded at \S+, after \S+ s\.$/);
    expect(answer.evidence).toEqual([
      { subject: 'next run', text: 'none: its schedule has no further tick' },
    ]);
  });

  it('of a job without a schedule says that it runs by hand only', async () => {
    await runAndExplain('');
    await fixture.query(`UPDATE job_version SET spec = jsonb_set(spec, '{schedule,interval}', '""')`);
    expect((await explain(fixture, 'daily')).evidence).toEqual([
      { subject: 'next run', text: 'none: it runs by hand only' },
    ]);
  });

  it('that was marked says so, with the reason that was given', async () => {
    const deps = { ...fixture.database.store, computeWindow };
    await runAndExplain('exit 1');
    await markRun(deps, keyOf('daily'), { state: 'success', message: 'loaded by ada' });
    const success = await explain(fixture, 'daily');
    expect(success).toMatchObject({ cause: 'marked_success', verdict: 'succeeded' });
    expect(success.sentence).toBe(`daily at ${AT} was marked as a success by hand: loaded by ada.`);
  });

  it('that was skipped says why, and that others go on without it', async () => {
    const deps = { ...fixture.database.store, computeWindow };
    await runAndExplain('exit 1');
    await markRun(deps, keyOf('daily'), { state: 'skipped', message: 'a holiday' });
    const skipped = await explain(fixture, 'daily');
    expect(skipped).toMatchObject({ cause: 'skipped', verdict: 'skipped', state: 'skipped' });
    expect(skipped.sentence).toMatch(/^daily at \S+ was skipped at \S+: a holiday\.$/);
  });

  it('that was marked as failed says so, and which of it had succeeded', async () => {
    const deps = { ...fixture.database.store, computeWindow };
    await runAndExplain('');
    await markRun(deps, keyOf('daily'), { state: 'failed' });
    const failed = await explain(fixture, 'daily');
    expect(failed).toMatchObject({ cause: 'marked_failed', verdict: 'failed' });
    expect(failed.sentence).toBe(`daily at ${AT} was marked as failed by hand.`);
    expect(failed.evidence).toEqual([{ subject: 'task neo', text: 'success' }]);
  });
});

it('a tick that was skipped says which run was in its way', async () => {
  const schedule = { startDate: '2022-09-18', endDate: '2022-09-20', interval: '0 2 * * *' };
  await fixture.deployJobs([makeJob('daily', 'sleep 60', { schedule, ...behave({ overlap: 'skip' }) })]);
  await fixture.startServer();
  const answer = await explainOnce(fixture, 'skipped', 'daily', new Date('2022-09-20T02:00:00Z'));
  expect(answer.sentence).toMatch(/ was skipped at \S+: the run of 2022-09-19T02:00:00Z was not over\.$/);
});

it('makes of an old attempt, of which no outcome was kept, what its exit code says', async () => {
  await runAndExplain('exit 5');
  await fixture.query('UPDATE attempt SET outcome = NULL');
  expect((await explain(fixture, 'daily')).cause).toBe('exit_code');
});
