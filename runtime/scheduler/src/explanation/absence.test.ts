import { deleteJob, type JobSpec, setJobPaused } from '@optimus/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AT, behave, explain, explainOnce, makeJob, TICK } from '../testing/explained-jobs.ts';
import { SchedulerFixture } from '../testing/scheduler-fixture.ts';

const DAY_MS = 86_400_000;
const OPEN = { startDate: '2022-09-18', interval: '0 2 * * *' };
let fixture: SchedulerFixture;

beforeEach(async () => {
  fixture = await SchedulerFixture.create();
});
afterEach(() => fixture.drop());

/** A day so many days from now, as a schedule has it. */
function toDay(days: number): string {
  return new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
}

async function deploy(overrides: Partial<JobSpec>, name = 'daily'): Promise<void> {
  await fixture.deployJobs([makeJob(name, '', overrides)]);
}

describe('a tick without a run', () => {
  it('that is yet to come says when it comes due', async () => {
    await deploy({ schedule: { startDate: toDay(2), interval: '0 2 * * *' } });
    const answer = await explain(fixture, 'daily');
    expect(answer).toMatchObject({ cause: 'future', verdict: 'coming' });
    expect(answer.sentence).toMatch(new RegExp(`^daily at ${toDay(3)}T02:00:00Z comes due in \\d d.*\\.$`));
    await setJobPaused(fixture.database.store, { project: 'space', job: 'daily' }, true);
    expect((await explain(fixture, 'daily')).sentence).toMatch(/, but the job is paused\.$/);
  });

  it('of a job that runs by hand only says so', async () => {
    await deploy({ schedule: { ...OPEN, interval: '' } });
    const answer = await explain(fixture, 'daily', TICK);
    expect(answer).toMatchObject({ cause: 'manual_only', verdict: 'never' });
    expect(answer.sentence).toBe(`daily at ${AT} has no run: the job has no interval, it runs by hand only.`);
    expect((await explain(fixture, 'daily')).sentence).toBe(
      'daily has no run: the job has no interval, it runs by hand only.',
    );
    expect(answer.advice[0]?.command).toBe('optimus job run daily');
  });

  it('that the schedule does not have names the nearest ones', async () => {
    await deploy({ schedule: OPEN });
    const answer = await explain(fixture, 'daily', new Date('2022-09-20T03:00:00Z'));
    expect(answer).toMatchObject({ cause: 'not_a_tick', verdict: 'never' });
    expect(answer.sentence).toBe(
      'daily at 2022-09-20T03:00:00Z has no run: the schedule has no tick then, only at 2022-09-20T02:00:00Z and 2022-09-21T02:00:00Z.',
    );
  });

  it('before the start of the schedule names the first one', async () => {
    await deploy({ schedule: OPEN });
    const answer = await explain(fixture, 'daily', new Date('2022-09-18T02:00:00Z'));
    expect(answer).toMatchObject({ cause: 'before_start', verdict: 'never' });
    expect(answer.sentence).toBe(
      `daily at 2022-09-18T02:00:00Z has no run: it is before the first tick, ${AT}.`,
    );
  });

  it('after the end of the schedule names the last one', async () => {
    await deploy({});
    const answer = await explain(fixture, 'daily', new Date('2022-10-01T02:00:00Z'));
    expect(answer).toMatchObject({ cause: 'after_end', verdict: 'never' });
    expect(answer.sentence).toBe(
      `daily at 2022-10-01T02:00:00Z has no run: the schedule has ended with the tick of ${AT}.`,
    );
  });

  it('that is not caught up says that a version was deployed later', async () => {
    await deploy({ schedule: OPEN, ...behave({ catchUp: false }) });
    const answer = await explain(fixture, 'daily', new Date('2022-09-20T02:00:00Z'));
    expect(answer).toMatchObject({ cause: 'not_caught_up', verdict: 'never' });
    expect(answer.sentence).toMatch(
      /has no run: catch_up is off, and version 1 was deployed later, at \S+\.$/,
    );
  });

  it('that the job had gone past when it got this schedule is not planned again', async () => {
    await deploy({ schedule: { startDate: '2022-09-18', endDate: '2022-09-25', interval: '0 2 * * *' } });
    await fixture.startServer();
    await fixture.waitForEnd(7, 20_000, 'daily');
    await deploy({ schedule: { ...OPEN, startDate: '2022-09-01', endDate: '2022-09-25' } });
    const answer = await explain(fixture, 'daily', new Date('2022-09-10T02:00:00Z'));
    expect(answer).toMatchObject({ cause: 'passed', verdict: 'never' });
    expect(answer.sentence).toMatch(
      /has no run: the job had gone past it, and ticks that were passed are not planned again\.$/,
    );
  }, 30_000);

  it('whose run was removed says up to when retention has removed runs', async () => {
    await deploy({ schedule: { startDate: '2022-09-18', endDate: '2022-09-25', interval: '0 2 * * *' } });
    await fixture.startServer();
    await fixture.waitForEnd(7, 20_000, 'daily');
    await fixture.database.store.history.pruneRuns({ olderThanMs: 0, keep: 3, limit: 100 });
    const answer = await explain(fixture, 'daily', TICK);
    expect(answer).toMatchObject({ cause: 'removed', verdict: 'never' });
    expect(answer.sentence).toBe(
      `daily at ${AT} has no run any more: retention has removed those up to 2022-09-22T02:00:00Z.`,
    );
  }, 30_000);

  it('of a paused job waits until it is resumed', async () => {
    await deploy({ schedule: OPEN });
    await setJobPaused(fixture.database.store, { project: 'space', job: 'daily' }, true);
    const answer = await explain(fixture, 'daily');
    expect(answer).toMatchObject({ cause: 'job_paused', verdict: 'late', scheduledAt: TICK });
    expect(answer.sentence).toMatch(/is held back: the job is paused; it is \d+ d.* late\.$/);
  });

  it('of a schedule that cannot be planned any more says what is wrong with it', async () => {
    await deploy({ schedule: OPEN });
    await fixture.query(
      `UPDATE job_version SET spec = jsonb_set(spec, '{schedule,interval}', '"0 2 * * bad"')`,
    );
    await fixture.startServer();
    const answer = await explainOnce(fixture, 'unplannable', 'daily');
    expect(answer.verdict).toBe('never');
    expect(answer.sentence).toMatch(/^daily.* has no run: the schedule cannot be planned any more: .*bad/);
  });
});

describe('a job that is not there', () => {
  it('is told from the one that was probably meant', async () => {
    await deploy({}, 'load-orders');
    const answer = await explain(fixture, 'laod-orders');
    expect(answer).toMatchObject({ cause: 'job_unknown', verdict: 'never' });
    expect(answer.sentence).toBe('laod-orders is not deployed in project space, did you mean "load-orders"?');
  });

  it('any more says when it was deleted', async () => {
    await deploy({});
    const address = { project: 'space', namespace: 'sky', job: 'daily' };
    await deleteJob(fixture.database.store, address, { author: 'test' });
    const answer = await explain(fixture, 'daily', TICK);
    expect(answer).toMatchObject({ cause: 'job_deleted', verdict: 'never' });
    expect(answer.sentence).toMatch(/^daily at \S+ has no run: the job was deleted at \S+\.$/);
  });

  it('any more has runs, of which no command is advised that needs the job', async () => {
    await fixture.deployJobs([makeJob('daily', 'exit 4')]);
    await fixture.startServer();
    await fixture.waitForEnd(1, 15_000, 'daily');
    const address = { project: 'space', namespace: 'sky', job: 'daily' };
    await deleteJob(fixture.database.store, address, { author: 'test' });
    const answer = await explain(fixture, 'daily');
    expect(answer).toMatchObject({ cause: 'job_deleted', verdict: 'never', scheduledAt: undefined });
    expect(answer.sentence).toMatch(/^daily has no further run: the job was deleted at \S+Z\.$/);
    expect(answer.evidence).toEqual([{ subject: 'last planned', text: AT }]);
    expect(answer.advice.map(({ command }) => command)).toEqual(['optimus deploy', 'optimus job list']);
    const ofRun = await explain(fixture, 'daily', TICK);
    expect(ofRun).toMatchObject({ cause: 'exit_code', verdict: 'failed' });
    expect(ofRun.evidence.at(-1)).toEqual({
      subject: 'job',
      text: expect.stringMatching(/^was deleted at \S+Z$/),
    });
    expect(ofRun.advice.map(({ command }) => command)).toEqual(['optimus deploy']);
  });
});
