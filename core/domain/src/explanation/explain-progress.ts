import { ENDING_GRACE_MS } from '../run/attempt-outcome.ts';
import { formatInstant } from '../schedule/format-instant.ts';
import { explainHold } from './explain-hold.ts';
import { type Evidence, type Finding, makeFinding } from './explanation.ts';
import { adviseMending, sayFailure, toFailure } from './failure.ts';
import { findLastAttempt, findUnderWay, type RunQuestion, sayInstance } from './question.ts';
import type { AttemptFacts, InstanceFacts } from './run-facts.ts';
import { sayDuration } from './say.ts';

/** Why a run that has begun is not over: what of it runs, pauses, is taken up again, or has its turn and does not start. */
export function explainProgress(question: RunQuestion): Finding {
  const instance = findUnderWay(question.run);
  const attempt = findLastAttempt(instance);
  if (!instance) return explainHold(question);
  if (attempt && isLive(attempt)) return explainLive(question, instance, attempt);
  if (instance.state === 'up_for_retry' && instance.readyAt > question.job.now)
    return explainRetry(question, instance, attempt);
  return attempt?.state === 'lost' ? explainLoss(question, instance, attempt) : explainHold(question);
}

function isLive({ state }: AttemptFacts): boolean {
  return state === 'starting' || state === 'running';
}

function explainLive(question: RunQuestion, instance: InstanceFacts, attempt: AttemptFacts): Finding {
  const { job, run, advise } = question;
  if (attempt.leaseExpiresAt <= job.now) return explainSilence(question, instance, attempt);
  const { deadlineAt } = attempt;
  if (deadlineAt && deadlineAt <= job.now)
    return explainEnding(question, instance, { ...attempt, deadlineAt });
  const evidence = [...describeAttempt(question, instance, attempt), ...describeUsual(question)];
  const forMs = job.now.getTime() - attempt.startedAt.getTime();
  if (attempt.state === 'starting')
    return makeFinding('starting', {
      clause: `is being started: ${sayInstance(instance)}, attempt ${sayTry(question, instance)}, for ${sayDuration(forMs)}`,
      evidence,
      advice: [advise.why(run, 'ask again in a moment: its context is made and its image fetched')],
    });
  return makeFinding('running', {
    clause: `is running since ${formatInstant(attempt.startedAt)}, for ${sayDuration(forMs)}: ${sayInstance(instance)}, attempt ${sayTry(question, instance)}`,
    evidence,
    advice: [advise.followLogs(run, instance.name), advise.cancel(run, 'end it, when it hangs')],
  });
}

/** Its time is over: it was asked to end, and no command would have it end sooner. */
function explainEnding(
  question: RunQuestion,
  instance: InstanceFacts,
  attempt: AttemptFacts & { readonly deadlineAt: Date },
): Finding {
  const { job, run, advise } = question;
  const deadline = attempt.deadlineAt.getTime();
  const leftMs = deadline + ENDING_GRACE_MS - job.now.getTime();
  const madeTo = leftMs > 0 ? `made to in ${sayDuration(leftMs)}, when it has not` : 'being made to';
  return makeFinding('running', {
    clause: `is being ended, for ${sayDuration(job.now.getTime() - deadline)}, for its time is over: ${sayInstance(instance)}, attempt ${sayTry(question, instance)}; it is ${madeTo}`,
    evidence: [
      ...describeAttempt(question, instance, attempt),
      { subject: 'time over', text: formatInstant(attempt.deadlineAt) },
      { subject: 'made to end', text: formatInstant(new Date(deadline + ENDING_GRACE_MS)) },
    ],
    advice: [
      advise.why(run, 'ask again in a moment'),
      advise.followLogs(run, instance.name),
      advise.deploy('deploy it with a higher limit, when it needs more time'),
    ],
  });
}

/** The server that held the attempt says nothing any more: another one takes it up. */
function explainSilence(question: RunQuestion, instance: InstanceFacts, attempt: AttemptFacts): Finding {
  const { job, advise } = question;
  const silentMs = job.now.getTime() - attempt.leaseExpiresAt.getTime();
  const isAlone = job.leadUntil === undefined || job.leadUntil <= job.now;
  return makeFinding('recovering', {
    clause: `is about to be taken up again: its server has been silent for ${sayDuration(silentMs)}`,
    evidence: [
      ...describeAttempt(question, instance, attempt),
      ...(isAlone ? [{ subject: 'server', text: 'none is there to take it up' }] : []),
    ],
    advice: isAlone ? [advise.serve()] : [advise.why(question.run, 'ask again in a moment')],
  });
}

function explainLoss(question: RunQuestion, instance: InstanceFacts, attempt: AttemptFacts): Finding {
  const hold = explainHold(question);
  return makeFinding('recovering', {
    clause: `starts again: its attempt ${attempt.number} was lost with its server; it ${hold.clause}`,
    evidence: [...describeAttempt(question, instance, attempt), ...hold.evidence],
    advice: hold.advice,
  });
}

function explainRetry(
  question: RunQuestion,
  instance: InstanceFacts,
  attempt: AttemptFacts | undefined,
): Finding {
  const { job, run, advise } = question;
  const { readyAt } = instance;
  const inMs = readyAt.getTime() - job.now.getTime();
  const cause = attempt && toFailure(attempt);
  const failure = attempt && cause ? sayFailure(cause, instance, attempt) : instance.message;
  return makeFinding('retry_pause', {
    clause: `pauses until ${formatInstant(readyAt)}, ${sayDuration(inMs)} from now, after attempt ${sayTry(question, instance)} of ${sayInstance(instance)} ${failure}`,
    evidence: attempt ? describeAttempt(question, instance, attempt) : [],
    advice: [
      ...(cause ? adviseMending(question, cause, instance) : []),
      advise.cancel(run, 'give it up, when trying again is in vain'),
    ],
  });
}

/** `2 of 4`: which try it is since the run began. */
export function sayTry({ run }: RunQuestion, instance: InstanceFacts): string {
  return `${instance.tries} of ${Math.max(run.maxTries, instance.tries)}`;
}

/** One line on an attempt: when, where, how it ended. */
export function describeAttempt(
  { job }: RunQuestion,
  { name }: InstanceFacts,
  { number, state, startedAt, finishedAt, hostId, message }: AttemptFacts,
): readonly Evidence[] {
  const tookMs = (finishedAt ?? job.now).getTime() - startedAt.getTime();
  const how = message === '' ? state : `${state}, ${message}`;
  const text = `${how}; from ${formatInstant(startedAt)} for ${sayDuration(tookMs)}, on host ${hostId}`;
  return [{ subject: `${name}, attempt ${number}`, text }];
}

/** How long the job's runs usually take, when enough are known. */
export function describeUsual({ surroundings }: Pick<RunQuestion, 'surroundings'>): readonly Evidence[] {
  const { usual } = surroundings;
  if (!usual) return [];
  const text = `${sayDuration(usual.durationMs)}, the median of its last ${usual.runs} successful runs`;
  return [{ subject: 'usual duration', text }];
}
