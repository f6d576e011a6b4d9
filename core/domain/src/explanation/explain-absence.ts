import { parseTickRule } from '../schedule/cron-schedule.ts';
import { formatInstant } from '../schedule/format-instant.ts';
import { findScheduleBounds } from '../schedule/plan-runs.ts';
import { explainNoServer, explainPause, isUnled } from './explain-hold.ts';
import { type Evidence, type Finding, makeFinding } from './explanation.ts';
import type { Question } from './question.ts';
import type { RunCause } from './run-cause.ts';
import { sayDuration } from './say.ts';

/** Why a tick has no run, or a job none at all. */
export function explainAbsence(question: Question): Finding {
  const { job, scheduledAt: tick, planProblem } = question;
  if (job.deletedAt) return explainDeletion(question, job.deletedAt);
  if (job.spec.schedule.interval === '') return explainManual(question);
  if (planProblem !== undefined) return explainUnplannable(question, planProblem);
  if (!tick) return explainBeyond(question, 'after_end');
  if (job.removedUntil && tick <= job.removedUntil) return explainRemoval(question, job.removedUntil);
  return explainOffSchedule(question, tick) ?? explainTick(question, tick);
}

function explainDeletion({ job, scheduledAt, advise }: Question, deletedAt: Date): Finding {
  const { lastScheduledAt: last } = job;
  return makeFinding('job_deleted', {
    clause: `has no ${scheduledAt ? '' : 'further '}run: the job was deleted at ${formatInstant(deletedAt)}`,
    evidence: last ? [{ subject: 'last planned', text: formatInstant(last) }] : [],
    advice: [advise.deployAgain(), advise.listJobs()],
  });
}

function explainManual({ job, advise }: Question): Finding {
  return makeFinding('manual_only', {
    clause: 'has no run: the job has no interval, it runs by hand only',
    evidence: [],
    advice: [advise.runNow(job)],
  });
}

/** The planner takes the cursor from a schedule that it cannot plan. */
function explainUnplannable({ job, advise }: Question, problem: string): Finding {
  return makeFinding('unplannable', {
    clause: `has no run: the schedule cannot be planned any more: ${problem}`,
    evidence: [{ subject: 'version', text: sayVersion(job) }],
    advice: [
      advise.inspect(job, 'see its schedule and window'),
      advise.deploy('deploy it with the mended field'),
    ],
  });
}

/** Whether it had a run is not known any more. */
function explainRemoval({ job, advise }: Question, removedUntil: Date): Finding {
  return makeFinding('removed', {
    clause: `has no run any more: retention has removed those up to ${formatInstant(removedUntil)}`,
    evidence: [],
    advice: [advise.runNow(job)],
  });
}

function explainOffSchedule(question: Question, tick: Date): Finding | undefined {
  const { schedule } = question.job.spec;
  const { first, last } = findScheduleBounds(schedule);
  if (first && tick < first) return explainBeyond(question, 'before_start');
  if (!first || (last && tick > last)) return explainBeyond(question, 'after_end');
  const cron = parseTickRule(schedule);
  if (cron.next(new Date(tick.getTime() - 1))?.getTime() === tick.getTime()) return undefined;
  return explainNoTick(question, [cron.previous(tick), cron.next(tick)]);
}

function explainNoTick({ job, advise }: Question, around: readonly (Date | undefined)[]): Finding {
  const ticks = around.flatMap((tick) => tick ?? []);
  const [nearest] = ticks;
  const { interval, timezone } = job.spec.schedule;
  const zone = timezone ? `, by the clock of ${timezone}` : '';
  return makeFinding('not_a_tick', {
    clause: `has no run: the schedule has no tick then, only at ${ticks.map(formatInstant).join(' and ')}`,
    evidence: [{ subject: 'interval', text: `${interval}${zone}` }],
    advice: nearest ? [advise.why({ ...job, scheduledAt: nearest }, 'ask about the tick before')] : [],
  });
}

const BEYOND = {
  before_start: { edge: 'first', clause: 'has no run: it is before the first tick' },
  after_end: { edge: 'last', clause: 'has no run: the schedule has ended' },
} as const;

/** The tick is before or after all that the schedule has. */
function explainBeyond({ job, advise }: Question, cause: keyof typeof BEYOND): Finding {
  const { startDate, endDate } = job.spec.schedule;
  const { edge, clause } = BEYOND[cause];
  const bound = findScheduleBounds(job.spec.schedule)[edge];
  const at = bound ? `, ${formatInstant(bound)}` : '';
  return makeFinding(cause, {
    clause:
      cause === 'before_start'
        ? `${clause}${at}`
        : `${clause}${bound ? ` with the tick of ${formatInstant(bound)}` : ''}`,
    evidence: [
      { subject: 'start_date', text: `${startDate}; a run comes at the end of its interval` },
      { subject: 'end_date', text: endDate ?? 'none' },
    ],
    advice: [
      advise.deploy(`deploy it with another ${cause === 'before_start' ? 'start' : 'end'}_date`),
      advise.runNow(job),
    ],
  });
}

/** A tick of the schedule: the cursor has passed it, is to plan it, or has not come to it. */
function explainTick(question: Question, tick: Date): Finding {
  const { job } = question;
  const { nextScheduledAt: cursor, now } = job;
  if (!cursor || tick < cursor || isSkipped(question, tick)) return explainPassed(question);
  if (tick > now) return explainFuture(question, tick);
  if (job.isPaused) return { ...explainPause(question), evidence: describeCursor(question) };
  if (isUnled(question)) return explainNoServer(question, 'has no server that would plan it');
  return makeFinding('planning', {
    clause: `is about to be planned: it came due ${sayDuration(now.getTime() - tick.getTime())} ago`,
    evidence: describeCursor(question),
    advice: [question.advise.why({ ...job, scheduledAt: tick }, 'ask again in a moment')],
  });
}

/** Without `catch_up` the newest tick that is due is planned alone. */
function isSkipped({ job }: Question, tick: Date): boolean {
  const { schedule, behavior } = job.spec;
  if (behavior.catchUp) return false;
  const following = parseTickRule(schedule).next(tick);
  const { last } = findScheduleBounds(schedule);
  return following !== undefined && following <= job.now && (!last || following <= last);
}

function explainPassed({ job, scheduledAt: tick, advise }: Question): Finding {
  const cause: RunCause = job.spec.behavior.catchUp ? 'passed' : 'not_caught_up';
  const isOlder = tick !== undefined && tick < job.version.deployedAt;
  const why = isOlder
    ? `version ${job.version.number} was deployed later, at ${formatInstant(job.version.deployedAt)}`
    : 'nobody planned it in time';
  return makeFinding(cause, {
    clause:
      cause === 'passed'
        ? `has no run: the job had gone past it, and ticks that were passed are not planned again`
        : `has no run: catch_up is off, and ${why}`,
    evidence: [
      { subject: 'version', text: sayVersion(job) },
      {
        subject: 'last planned',
        text: job.lastScheduledAt ? formatInstant(job.lastScheduledAt) : 'none yet',
      },
      { subject: 'next run', text: job.nextScheduledAt ? formatInstant(job.nextScheduledAt) : 'none' },
    ],
    advice: [advise.runNow(job), advise.history(job, 'see when its schedule changed')],
  });
}

function explainFuture(question: Question, tick: Date): Finding {
  const { job, advise } = question;
  const inMs = tick.getTime() - job.now.getTime();
  const paused = job.isPaused ? ', but the job is paused' : '';
  return makeFinding('future', {
    clause: `comes due in ${sayDuration(inMs)}${paused}`,
    evidence: describeCursor(question),
    advice: job.isPaused ? [advise.resume(job)] : [advise.runNow(job)],
  });
}

function describeCursor({ job }: Question): readonly Evidence[] {
  const { nextScheduledAt, lastScheduledAt } = job;
  return [
    { subject: 'last planned', text: lastScheduledAt ? formatInstant(lastScheduledAt) : 'none yet' },
    {
      subject: 'to be planned',
      text: nextScheduledAt ? `from ${formatInstant(nextScheduledAt)} on` : 'nothing',
    },
  ];
}

function sayVersion({ version }: Question['job']): string {
  return `${version.number}, deployed at ${formatInstant(version.deployedAt)}`;
}
