import { formatInstant } from '../schedule/format-instant.ts';
import { describeAttempt, describeUsual, sayTry } from './explain-progress.ts';
import { type Evidence, type Finding, makeFinding } from './explanation.ts';
import { adviseMending, adviseRerun, sayFailure, toFailure } from './failure.ts';
import { findFailed, findLastAttempt, type RunQuestion, sayInstance } from './question.ts';
import type { RunCause } from './run-cause.ts';
import type { AttemptFacts, InstanceFacts } from './run-facts.ts';
import { sayDuration } from './say.ts';

/** How a run came to its end: by its instances, or by somebody's word. */
export function explainEnd(question: RunQuestion): Finding {
  const { state } = question.run;
  if (state === 'canceled') return explainCancel(question);
  if (state === 'skipped') return explainSkip(question);
  if (state === 'success') return explainSuccess(question);
  const instance = findFailed(question.run);
  const attempt = findLastAttempt(instance);
  if (instance?.tries === 0) return explainNoTime(question, instance);
  return instance && attempt
    ? explainFailure(question, instance, attempt)
    : explainMark(question, 'marked_failed');
}

/** Its turn came when the time of the run was over. */
function explainNoTime({ run, advise }: RunQuestion, instance: InstanceFacts): Finding {
  return makeFinding('run_timeout', {
    clause: `failed: ${sayInstance(instance)} ${instance.message}`,
    evidence: run.instances.map((one) => ({ subject: sayInstance(one), text: one.state })),
    advice: [
      advise.deploy('deploy it with a higher limit'),
      advise.rerunNewest(run, 'run it again as it is deployed then'),
    ],
  });
}

function explainSuccess(question: RunQuestion): Finding {
  const { run } = question;
  const isDone = run.instances.every(({ state }) => state === 'success' || state === 'skipped');
  const hasRun = run.instances.some(({ state }) => state === 'success');
  if (!isDone || !hasRun) return explainMark(question, 'marked_success');
  const { startedAt, finishedAt } = run;
  const took =
    startedAt && finishedAt ? `, after ${sayDuration(finishedAt.getTime() - startedAt.getTime())}` : '';
  return makeFinding('succeeded', {
    clause: `succeeded${finishedAt ? ` at ${formatInstant(finishedAt)}` : ''}${took}`,
    evidence: [...describeSkipped(run), ...describeUsual(question), ...describeNext(question)],
    advice: [],
  });
}

/** Hooks whose own condition said that they were not needed. */
function describeSkipped({ instances }: RunQuestion['run']): readonly Evidence[] {
  return instances
    .filter(({ state, message }) => state === 'skipped' && message !== '')
    .map((instance) => ({ subject: sayInstance(instance), text: `skipped: ${instance.message}` }));
}

function explainMark(
  { run, advise }: RunQuestion,
  cause: Extract<RunCause, 'marked_success' | 'marked_failed'>,
): Finding {
  const word = cause === 'marked_success' ? 'a success' : 'failed';
  return makeFinding(cause, {
    clause: `was marked as ${word} by hand${sayReason(run.message, /^marked as \w+ by hand$/)}`,
    evidence: run.instances.map((instance) => ({ subject: sayInstance(instance), text: instance.state })),
    advice: [advise.rerun(run, 'have it run, and show for itself')],
  });
}

function explainSkip({ run, advise }: RunQuestion): Finding {
  const at = run.finishedAt ? ` at ${formatInstant(run.finishedAt)}` : '';
  return makeFinding('skipped', {
    clause: `was skipped${at}${sayReason(run.message, /^marked as skipped by hand$/)}`,
    evidence: [{ subject: 'others', text: 'whoever waited for it goes on without it' }],
    advice: [advise.rerun(run, 'have it run all the same')],
  });
}

function explainCancel({ run, advise }: RunQuestion): Finding {
  const at = run.finishedAt ? ` at ${formatInstant(run.finishedAt)}` : '';
  return makeFinding('canceled', {
    clause: `was canceled${at}${sayReason(run.message, /^canceled by hand$/)}`,
    evidence: run.instances.map((instance) => ({ subject: sayInstance(instance), text: instance.state })),
    advice: [advise.rerun(run)],
  });
}

/** What somebody gave as the reason; nothing when there is only the word that stands for none. */
function sayReason(message: string, whenNone: RegExp): string {
  return message === '' || whenNone.test(message) ? '' : `: ${message}`;
}

function explainFailure(question: RunQuestion, instance: InstanceFacts, attempt: AttemptFacts): Finding {
  const cause = toFailure(attempt);
  const tries = instance.tries > 1 ? `, at attempt ${sayTry(question, instance)}` : '';
  return makeFinding(cause, {
    clause: `failed: ${sayInstance(instance)} ${sayFailure(cause, instance, attempt)}${tries}`,
    evidence: [
      ...instance.attempts.slice(-3).flatMap((one) => describeAttempt(question, instance, one)),
      ...describeLog(question, attempt),
    ],
    advice: [...adviseMending(question, cause, instance), ...adviseRerun(question, cause)],
  });
}

function describeLog({ log }: RunQuestion, { id }: AttemptFacts): readonly Evidence[] {
  if (log?.attemptId !== id) return [];
  if (log.lines.length === 0) return [{ subject: 'log', text: 'is empty' }];
  return log.lines.map((text) => ({ subject: 'log', text }));
}

function describeNext({ job }: RunQuestion): readonly Evidence[] {
  const { nextScheduledAt, isPaused, deletedAt, spec } = job;
  if (deletedAt) return [{ subject: 'next run', text: 'none' }];
  const paused = isPaused ? ', but the job is paused' : '';
  const none = spec.schedule.interval === '' ? 'it runs by hand only' : 'its schedule has no further tick';
  const text = nextScheduledAt ? `${formatInstant(nextScheduledAt)}${paused}` : `none: ${none}`;
  return [{ subject: 'next run', text }];
}
