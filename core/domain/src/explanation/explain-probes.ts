import { KNOWS_NO_OTHER } from '../run/run-probe.ts';
import { isUnled } from './explain-hold.ts';
import { type Evidence, type Finding, makeFinding } from './explanation.ts';
import type { RunQuestion } from './question.ts';
import type { ProbeFacts } from './run-facts.ts';
import { sayCount, sayDuration } from './say.ts';

/** Nothing but endpoints and jobs of other servers keeps the run from beginning. */
export function explainProbes(question: RunQuestion, first: ProbeFacts): Finding {
  const { run, job, advise } = question;
  const others =
    run.probes.length > 1 ? `; it waits for ${sayCount(run.probes.length - 1, 'other')} besides` : '';
  const isAlone = isUnled(question);
  const next = isAlone ? '; no server is there to ask' : sayNext(first, job.now);
  const isNowhere = first.outcome.startsWith(KNOWS_NO_OTHER);
  return makeFinding('probe', {
    clause: `waits for ${sayProbed(first)}${sayOutcome(first)}${next}${others}`,
    evidence: listProbes(question),
    advice: [
      ...(isAlone ? [advise.serve()] : []),
      ...(isNowhere ? [advise.serve('start it again, with the other server under resource_managers')] : []),
      advise.cancel(run, 'give it up; a rerun then asks for nothing'),
      advise.inspect(job, 'see what it waits for'),
    ],
  });
}

/** What the run still asks for, and what came of it. */
export function listProbes({ run, job }: RunQuestion): readonly Evidence[] {
  return run.probes.map((probe) => ({
    subject: `${probe.kind === 'http' ? 'endpoint' : 'job'} ${probe.name}`,
    text: `${probe.target}: ${probe.outcome || 'not asked yet'}; asked ${sayCount(probe.tries, 'time')}${sayNext(probe, job.now)}`,
  }));
}

/** Of another server's job the target says where it is, once that is known: `lake: space/raw`. */
function sayProbed({ kind, name, target }: ProbeFacts): string {
  if (kind === 'http') return `endpoint ${name}`;
  const [, server, job] = /^(.+?): (.+)$/.exec(target) ?? [];
  if (server !== undefined && job !== undefined) return `job ${job} of server ${server}`;
  return name.includes('://')
    ? `the job that writes ${name} on another server`
    : `job ${name} of another server`;
}

/** What came of the last try, to be put after the name of what was asked. */
function sayOutcome({ outcome }: ProbeFacts): string {
  if (outcome === '') return ', which was not asked yet';
  if (outcome.startsWith(KNOWS_NO_OTHER)) return `, but ${KNOWS_NO_OTHER}`;
  if (outcome.startsWith('no such job')) return `, but there was ${outcome} when last asked`;
  if (/^\d+ of \d+ runs /.test(outcome)) return `: ${outcome}`;
  const predicate = toPredicate(outcome);
  if (predicate) return `, which ${predicate} when last asked`;
  const [, server, why = ''] = /^the server "(.+?)": (.*)$/.exec(outcome) ?? [];
  if (server === undefined) return `; what came of it when last asked: ${outcome}`;
  return `, but server ${server} ${toPredicate(why) ?? `was of no use (${why})`} when last asked`;
}

/** What somebody who was asked did; undefined when the outcome does not begin as answers, timeouts and broken connections do. */
function toPredicate(outcome: string): string | undefined {
  if (/^(answered|redirects) /.test(outcome)) return outcome;
  if (outcome.startsWith('no answer ')) return `gave ${outcome}`;
  return /^[a-z]+ E[A-Z]+\b/.test(outcome) ? `could not be reached (${outcome})` : undefined;
}

/** Nothing before the first try has ended: until then the time is when another server would take it over. */
function sayNext({ outcome, nextProbeAt }: ProbeFacts, now: Date): string {
  if (outcome === '') return '';
  const inMs = nextProbeAt.getTime() - now.getTime();
  return inMs < 1000 ? '; it is about to be asked again' : `; it is asked again in ${sayDuration(inMs)}`;
}
