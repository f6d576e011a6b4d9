import { explainProbes, listProbes } from './explain-probes.ts';
import { type Evidence, type Finding, makeFinding } from './explanation.ts';
import { findRootWait, type RootWait } from './find-root-wait.ts';
import type { RunQuestion } from './question.ts';
import type { WaitEdge } from './run-facts.ts';
import { sayCount, sayRun } from './say.ts';

/** So many of the runs that are waited for are named. */
const MOST_NAMED = 5;

/** Why a run waits for others: whom it waits for, and what is the matter with the run that this begins with. */
export function explainWaits(question: RunQuestion): Finding {
  const { run, waits } = question;
  const own = waits.filter(({ runId }) => runId === run.id);
  const [probe] = run.probes;
  if (own.length === 0 && probe) return explainProbes(question, probe);
  const root = findRootWait(waits, run.id);
  const cause = own.length > 0 && own.every(({ isPast }) => isPast) ? 'past' : 'upstream';
  return makeFinding(cause, {
    clause: toClause(question, own, root),
    evidence: [...listWaits(question, own), ...listProbes(question), ...listMatter(question, root)],
    advice: [...(question.root?.finding.advice ?? toDefaultAdvice(question, own))],
  });
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
