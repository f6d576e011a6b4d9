import { type Evidence, type Finding, makeFinding } from './explanation.ts';
import { findRootWait, type RootWait } from './find-root-wait.ts';
import type { RunQuestion } from './question.ts';
import type { ProbeFacts, WaitEdge } from './run-facts.ts';
import { sayCount, sayDuration, sayRun } from './say.ts';

/** So many of the runs that are waited for are named. */
const MOST_NAMED = 5;

/** Why a run waits for others: whom it waits for, and what is the matter with the run that this begins with. */
export function explainWaits(question: RunQuestion): Finding {
  const { run, waits } = question;
  const own = waits.filter(({ runId }) => runId === run.id);
  if (own.length === 0 && run.probes.length > 0) return explainProbes(question);
  const root = findRootWait(waits, run.id);
  const cause = own.length > 0 && own.every(({ isPast }) => isPast) ? 'past' : 'upstream';
  return makeFinding(cause, {
    clause: toClause(question, own, root),
    evidence: [...listWaits(question, own), ...listProbes(question), ...listMatter(question, root)],
    advice: [...(question.root?.finding.advice ?? toDefaultAdvice(question, own))],
  });
}

/** Nothing but endpoints keeps it from beginning. */
function explainProbes(question: RunQuestion): Finding {
  const { run, job, advise } = question;
  const [first] = run.probes;
  const others = run.probes.length > 1 ? ` and ${sayCount(run.probes.length - 1, 'other endpoint')}` : '';
  const named = first ? `endpoint ${first.name}${others}, ${sayProbe(first, job.now)}` : 'an endpoint';
  return makeFinding('probe', {
    clause: `waits for ${named}`,
    evidence: listProbes(question),
    advice: [
      advise.cancel(run, 'give it up; a rerun then asks for nothing'),
      advise.inspect(job, 'see what it waits for'),
    ],
  });
}

function listProbes({ run, job }: RunQuestion): readonly Evidence[] {
  return run.probes.map((probe) => ({
    subject: `endpoint ${probe.name}`,
    text: `${probe.target}: ${sayProbe(probe, job.now)}; asked ${sayCount(probe.tries, 'time')}`,
  }));
}

function sayProbe({ outcome, nextProbeAt }: ProbeFacts, now: Date): string {
  const said = outcome === '' ? 'which was not asked yet' : `which ${outcome} when last asked`;
  const inMs = nextProbeAt.getTime() - now.getTime();
  return inMs > 0 ? `${said}; it is asked again in ${sayDuration(inMs)}` : said;
}

function toClause(question: RunQuestion, own: readonly WaitEdge[], root: RootWait | undefined): string {
  const first = root?.through ?? own[0];
  if (!first) return 'is about to begin: the last run that it waited for has just succeeded';
  const waitsFor = `waits for ${sayUpstream(question, first)}`;
  if (!root || !question.root) return `${waitsFor}, which waits for others itself`;
  const matter = question.root.finding.clause;
  if (root.depth === 0) return `${waitsFor}, which ${matter}`;
  const between =
    root.depth === 1 ? ', which waits' : ` and, through ${sayCount(root.depth, 'waiting run')},`;
  return `${waitsFor}${between} for ${sayUpstream(question, root.edge)}, which ${matter}`;
}

/** A job that waits for its own run before says so. */
function sayUpstream({ run, project }: RunQuestion, { upstream, upstreamJobId }: WaitEdge): string {
  const named = sayRun(upstream, project);
  return upstreamJobId === run.jobId ? `its own run at ${named.slice(named.lastIndexOf(' ') + 1)}` : named;
}

function listWaits({ project }: RunQuestion, own: readonly WaitEdge[]): readonly Evidence[] {
  const named = own.slice(0, MOST_NAMED).map(({ upstream, state }) => ({
    subject: 'waits for',
    text: `${sayRun(upstream, project)}: ${state ?? 'no run yet'}`,
  }));
  const rest = own.length - named.length;
  return rest > 0 ? [...named, { subject: 'waits for', text: `${rest} more` }] : named;
}

/** The evidence of the run that it begins with, each piece with whose it is. */
function listMatter({ root, project }: RunQuestion, wait: RootWait | undefined): readonly Evidence[] {
  if (!root || !wait) return [];
  const name = root.run.project === project ? root.run.job : `${root.run.project}/${root.run.job}`;
  return root.finding.evidence.map(({ subject, text }) => ({ subject: `${name}: ${subject}`, text }));
}

function toDefaultAdvice({ advise }: RunQuestion, own: readonly WaitEdge[]): Finding['advice'] {
  const [first] = own;
  return first ? [advise.why(first.upstream, 'ask on, from there')] : [];
}
