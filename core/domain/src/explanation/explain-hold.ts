import { formatInstant } from '../schedule/format-instant.ts';
import { type Finding, makeFinding } from './explanation.ts';
import { findUnderWay, type RunQuestion, sayInstance } from './question.ts';
import type { RunCause } from './run-cause.ts';
import type { ActiveRuns } from './run-facts.ts';
import { sayCount, sayDuration, sayRuns } from './say.ts';

/** The configuration key that limits the active runs of a namespace or project. */
const LIMIT_KEY = 'MAX_ACTIVE_RUNS';

/** Why an instance that has its turn does not start: its job is paused, a limit is reached, or no server takes it. */
export function explainHold(question: RunQuestion): Finding {
  const { run } = question;
  if (run.isHeld) return question.job.isPaused ? explainPause(question) : explainJobLimit(question);
  if (isUnled(question)) return explainNoServer(question, 'has no server that would start it');
  return explainTenantLimit(question) ?? explainPool(question) ?? explainSlot(question);
}

/** What a paused job says of a run or tick of its. */
export function explainPause({ job, advise }: Pick<RunQuestion, 'job' | 'advise'>): Finding {
  return makeFinding('job_paused', {
    clause: 'is held back: the job is paused',
    evidence: [],
    advice: [advise.resume(job)],
  });
}

/** Whether no server leads: each would, so there is none. */
export function isUnled({ job }: Pick<RunQuestion, 'job'>): boolean {
  return job.leadUntil === undefined || job.leadUntil <= job.now;
}

/** No server works on this database: nothing is planned, and nothing is started. */
export function explainNoServer(
  { job, advise }: Pick<RunQuestion, 'job' | 'advise'>,
  clause: string,
): Finding {
  const { leadUntil, now } = job;
  const text = leadUntil
    ? `none since ${formatInstant(leadUntil)}, ${sayDuration(now.getTime() - leadUntil.getTime())} ago`
    : 'none: the last one was stopped';
  return makeFinding('no_server', {
    clause,
    evidence: [{ subject: 'server', text }],
    advice: [advise.serve()],
  });
}

function explainJobLimit(question: RunQuestion): Finding {
  const { job, surroundings } = question;
  const { maxActiveRuns: limit, overlap } = job.spec.behavior;
  if (overlap !== undefined) return explainOverlap(question, overlap);
  if (limit === undefined) return explainSlot(question);
  return toLimitFinding(question, {
    cause: 'job_limit',
    clause: `is held back by max_active_runs, ${limit} for the job`,
    limit,
    active: surroundings.active.job,
  });
}

/** Of runs that may not overlap one is under way at a time. */
function explainOverlap(question: RunQuestion, overlap: string): Finding {
  return toLimitFinding(question, {
    cause: 'overlap',
    clause: `waits for its turn, as behavior.overlap ${overlap} asks for`,
    limit: 1,
    active: question.surroundings.active.job,
  });
}

function explainTenantLimit(question: RunQuestion): Finding | undefined {
  const { job, run, surroundings } = question;
  if (run.state !== 'queued') return undefined;
  const { namespace, project } = job.limits;
  const { active } = surroundings;
  if (namespace !== undefined && active.namespace.count >= namespace) {
    const clause = `is held back by ${LIMIT_KEY}, ${namespace} for namespace ${job.namespace}`;
    const limit = { cause: 'namespace_limit', clause, limit: namespace, active: active.namespace } as const;
    const finding = toLimitFinding(question, limit);
    return { ...finding, advice: [...finding.advice, question.advise.describeNamespace(job.namespace)] };
  }
  if (project === undefined || active.project.count < project) return undefined;
  const clause = `is held back by ${LIMIT_KEY}, ${project} for project ${job.project}`;
  return toLimitFinding(question, { cause: 'project_limit', clause, limit: project, active: active.project });
}

/** Slots of a pool are for attempts, so what is under way may wait for them as well. */
function explainPool(question: RunQuestion): Finding | undefined {
  const { job, surroundings } = question;
  const { pool } = surroundings;
  if (!pool) return undefined;
  const full = (['namespace', 'project'] as const).find((scope) => {
    const size = pool.sizes[scope];
    return size !== undefined && pool.active[scope].count >= size;
  });
  if (!full) return undefined;
  const clause = `is held back by ${pool.key}, ${pool.sizes[full]} for ${full} ${job[full]}`;
  const [active, limit] = [pool.active[full], pool.sizes[full]];
  return toLimitFinding(question, { cause: 'pool_full', clause, limit, active, unit: 'attempt' });
}

function toLimitFinding(
  { project, advise }: RunQuestion,
  {
    cause,
    clause,
    limit,
    active,
    unit = 'run',
  }: {
    readonly cause: RunCause;
    readonly clause: string;
    readonly limit: number | undefined;
    readonly active: ActiveRuns;
    readonly unit?: 'run' | 'attempt';
  },
): Finding {
  // Nothing that is under way is in the way, and its end changes nothing.
  if (limit === 0)
    return makeFinding(cause, {
      clause: `${clause}: nothing begins while it is 0`,
      evidence: [],
      advice: [],
    });
  const [first] = active.runs;
  return makeFinding(cause, {
    clause: `${clause}: ${sayCount(active.count, unit)} under way`,
    evidence: [
      { subject: 'in the way', text: sayRuns(active.runs, active.count, project) || 'none any more' },
    ],
    advice: first ? [advise.why(first, 'see how long the first of them will be')] : [],
  });
}

function explainSlot({ job, run, surroundings, project, advise }: RunQuestion): Finding {
  const { before, liveAttempts } = surroundings;
  const waiting = findUnderWay(run);
  const what =
    waiting && waiting.position > 0 ? `its ${sayInstance(waiting)} to get a free slot` : 'a free slot';
  const since = waiting?.readyAt ?? run.executionTime;
  const order =
    before.count === 0 ? [] : [{ subject: 'before it', text: sayRuns(before.runs, before.count, project) }];
  return makeFinding('slot', {
    clause: `waits for ${what}: ${sayCount(liveAttempts, 'attempt')} under way, ${sayCount(before.count, 'run')} before it`,
    evidence: [
      {
        subject: 'ready since',
        text: `${formatInstant(since)}, ${sayDuration(job.now.getTime() - since.getTime())} ago`,
      },
      ...order,
      { subject: 'slots', text: 'executor.<type>.max_running of each server' },
    ],
    advice: [advise.listActive('see what has the slots')],
  });
}
