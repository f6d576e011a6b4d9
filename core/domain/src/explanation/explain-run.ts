import { isTerminal } from '../run/run-state.ts';
import { formatInstant } from '../schedule/format-instant.ts';
import { explainAbsence } from './explain-absence.ts';
import { explainEnd } from './explain-end.ts';
import { explainHold } from './explain-hold.ts';
import { explainProgress } from './explain-progress.ts';
import { explainWaits } from './explain-waits.ts';
import type { Evidence, Explanation, Finding } from './explanation.ts';
import { computeExpectedEnd, isPlanningLate } from './judge-lateness.ts';
import type { Question, RunQuestion } from './question.ts';
import { sayCount, sayDuration } from './say.ts';

/** Why a run is where it is, or why there is none. Pure. */
export function explainRun(question: Question): Explanation {
  const finding = findReason(question);
  const { job, scheduledAt, run, root, project } = question;
  const name = job.project === project ? job.job : `${job.project}/${job.job}`;
  const subject = scheduledAt ? `${name} at ${formatInstant(scheduledAt)}` : name;
  return {
    project: job.project,
    job: job.job,
    scheduledAt,
    state: run?.state,
    sentence: `${subject} ${finding.clause}${sayLateness(question, finding)}.`,
    verdict: finding.verdict,
    cause: finding.cause,
    evidence: finding.evidence,
    advice: finding.advice,
    expectedBy: isUnderWay(question) ? computeExpectedEnd(question.run, question.surroundings) : undefined,
    root: root && { ...root.run, cause: root.finding.cause },
  };
}

function sayLateness({ job, scheduledAt, run, surroundings }: Question, { verdict }: Finding): string {
  const expectedBy = run ? computeExpectedEnd(run, surroundings) : scheduledAt;
  if (verdict !== 'late' || !expectedBy) return '';
  return `; it is ${sayDuration(job.now.getTime() - expectedBy.getTime())} late`;
}

/** The reason alone, for a run by which others wait. Pure. */
export function findReason(question: Question): Finding {
  if (isUnderWay(question)) return admitDeletion(question, judge(question, explainUnderWay(question)));
  if (hasRun(question)) return admitDeletion(question, explainEnd(question));
  return judgeAbsence(question, explainAbsence(question));
}

/** No command takes a run of a job that was deleted, so what helps otherwise does not. */
function admitDeletion({ job, advise }: RunQuestion, finding: Finding): Finding {
  if (!job.deletedAt) return finding;
  const deletion = { subject: 'job', text: `was deleted at ${formatInstant(job.deletedAt)}` };
  return { ...finding, evidence: [...finding.evidence, deletion], advice: [advise.deployAgain()] };
}

function explainUnderWay(question: RunQuestion): Finding {
  const { state } = question.run;
  if (state === 'wait_upstream') return explainWaits(question);
  return state === 'queued' ? explainHold(question) : explainProgress(question);
}

function hasRun(question: Question): question is RunQuestion {
  return question.run !== undefined;
}

function isUnderWay(question: Question): question is RunQuestion {
  return hasRun(question) && !isTerminal(question.run.state);
}

/** Adds when it should be over, and says that it is late when it should be by now. */
function judge(question: RunQuestion, finding: Finding): Finding {
  const { job, run, surroundings } = question;
  const expectedBy = computeExpectedEnd(run, surroundings);
  const lateMs = expectedBy ? job.now.getTime() - expectedBy.getTime() : 0;
  const evidence = [
    ...finding.evidence,
    ...describeExpected(expectedBy, lateMs),
    ...describeOthers(question),
  ];
  if (lateMs <= 0) return { ...finding, evidence };
  return { ...finding, verdict: 'late', evidence };
}

function describeExpected(expectedBy: Date | undefined, lateMs: number): readonly Evidence[] {
  if (!expectedBy) return [];
  const late = lateMs > 0 ? `, ${sayDuration(lateMs)} ago` : '';
  return [{ subject: 'expected by', text: `${formatInstant(expectedBy)}${late}, as its last runs took` }];
}

function describeOthers({ run }: RunQuestion): readonly Evidence[] {
  const { othersUnfinished: others } = run;
  return others === 0 ? [] : [{ subject: 'of the job', text: `${sayCount(others, 'other run')} not over` }];
}

function judgeAbsence({ job, scheduledAt }: Question, finding: Finding): Finding {
  const isLate =
    finding.verdict === 'waiting' && scheduledAt !== undefined && isPlanningLate(scheduledAt, job.now);
  return isLate ? { ...finding, verdict: 'late' } : finding;
}
