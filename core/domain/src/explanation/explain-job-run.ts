import { present } from '../error/invariant.ts';
import { toSuggestion } from '../error/nearest-name.ts';
import { toErrorMessage } from '../error/optimus-error.ts';
import { type JobAddress, parseJobKey } from '../job/get-job.ts';
import type { JobKey } from '../job/job.ts';
import type { LogStore } from '../ports/executor.ts';
import type { JobStore } from '../ports/job-store.ts';
import type { ProjectStore } from '../ports/project-store.ts';
import type { RunFactsReader, RunFactsStore } from '../ports/run-facts-store.ts';
import { getProject } from '../project/register-project.ts';
import type { ComputeWindow } from '../run/run-context.ts';
import { isTerminal } from '../run/run-state.ts';
import { planTicks } from '../schedule/plan-runs.ts';
import { createAdviser } from './advice.ts';
import { explainRun, findReason } from './explain-run.ts';
import type { Explanation } from './explanation.ts';
import { findRootWait } from './find-root-wait.ts';
import { findFailed, findLastAttempt, type Question } from './question.ts';
import { readLogTail } from './read-log-tail.ts';
import { RUN_CAUSES } from './run-cause.ts';
import type { JobFacts, RunFacts, RunSurroundings } from './run-facts.ts';

/** What explaining needs of the world. */
export interface ExplainDeps {
  readonly projects: ProjectStore;
  readonly jobs: Pick<JobStore, 'listDigests'>;
  readonly facts: RunFactsStore;
  readonly logs: Pick<LogStore, 'readTail'>;
  readonly computeWindow: ComputeWindow;
}

/** A run by its job and tick. Without a tick, the run that matters: one under way, else one that waits, else the newest due, else the next. */
export interface ExplainAddress extends JobAddress {
  readonly scheduledAt?: Date;
}

/** A job with the run or tick that is asked about. */
interface Subject {
  readonly job: JobFacts;
  readonly scheduledAt: Date | undefined;
  readonly run: RunFacts | undefined;
}

type Surrounded = Subject & { readonly surroundings: RunSurroundings };

/** Why a run waits, runs, failed or is not there. @throws OptimusError `PROJECT_NOT_FOUND`, `NAME_INVALID` */
export async function explainJobRun(deps: ExplainDeps, address: ExplainAddress): Promise<Explanation> {
  const key = parseJobKey(address);
  const { scheduledAt } = address;
  const facts = await deps.facts.readAtOnce((reader) => readFacts(reader, key, scheduledAt));
  if (!facts) return explainUnknown(deps, key, scheduledAt);
  const { waits, own, root } = facts;
  const rootQuestion = root && (await toQuestion(deps, root, key.project));
  const question = await toQuestion(deps, own, key.project);
  return explainRun({
    ...question,
    waits,
    root: rootQuestion && {
      run: present(facts.wait, 'the wait for it').edge.upstream,
      finding: findReason(rootQuestion),
    },
  });
}

/** What explaining rests on: of the run, of all that it waits for, and of the run with which that begins. */
async function readFacts(reader: RunFactsReader, key: JobKey, scheduledAt: Date | undefined) {
  const own = await readSurrounded(reader, key, scheduledAt);
  if (!own) return undefined;
  const waits = own.run?.state === 'wait_upstream' ? await reader.listWaits(own.run.id) : [];
  const wait = own.run && findRootWait(waits, own.run.id);
  const upstream = wait?.edge.upstream;
  const root = upstream && (await readSurrounded(reader, upstream, upstream.scheduledAt));
  return { own, waits, wait, root };
}

async function readSurrounded(
  reader: RunFactsReader,
  key: JobKey,
  scheduledAt: Date | undefined,
): Promise<Surrounded | undefined> {
  const subject = await findSubject(reader, key, scheduledAt);
  if (!subject) return undefined;
  return { ...subject, surroundings: await reader.readSurroundings(subject.job.jobId, subject.run) };
}

async function toQuestion(
  { computeWindow, logs }: ExplainDeps,
  subject: Surrounded,
  project: JobKey['project'],
): Promise<Question> {
  return {
    ...subject,
    project,
    advise: createAdviser(project),
    waits: [],
    root: undefined,
    planProblem: subject.run ? undefined : findPlanProblem(subject.job, computeWindow),
    log: await readLogTail(logs, findFailedAttempt(subject)),
  };
}

async function findSubject(
  reader: RunFactsReader,
  key: JobKey,
  scheduledAt: Date | undefined,
): Promise<Subject | undefined> {
  const job = await reader.findJob(key);
  if (!job) return undefined;
  const run = await reader.findRun(job.jobId, scheduledAt);
  if (scheduledAt) return { job, run, scheduledAt };
  const isOver = !run || isTerminal(run.state);
  // A tick that is due and has no run matters more than a run that is over.
  const isDue = job.nextScheduledAt !== undefined && job.nextScheduledAt <= job.now;
  // Nor do the runs of a job that was deleted, once they are over.
  if (isOver && job.deletedAt) return { job, run: undefined, scheduledAt: undefined };
  return isOver && isDue
    ? { job, run: undefined, scheduledAt: job.nextScheduledAt }
    : { job, run, scheduledAt: run?.scheduledAt ?? job.nextScheduledAt };
}

/** What planning the job's next tick would stumble over. */
function findPlanProblem(job: JobFacts, computeWindow: ComputeWindow): string | undefined {
  const { spec, presets, now, lastScheduledAt } = job;
  try {
    if (spec.schedule.interval === '') return undefined;
    const from = lastScheduledAt ?? now;
    planTicks({ schedule: spec.schedule, catchUp: true }, from, now, 1);
    computeWindow(spec, from, { presets });
    return undefined;
  } catch (thrown) {
    return toErrorMessage(thrown);
  }
}

function findFailedAttempt({ run }: Subject): string | undefined {
  return run?.state === 'failed' ? findLastAttempt(findFailed(run))?.id : undefined;
}

/** No job of the name was ever deployed. */
async function explainUnknown(
  deps: ExplainDeps,
  { project, job }: JobKey,
  scheduledAt: Date | undefined,
): Promise<Explanation> {
  await getProject(deps, project);
  const names = (await deps.jobs.listDigests(project)).map(({ name }): string => name);
  const advise = createAdviser(project);
  return {
    project,
    job,
    scheduledAt,
    state: undefined,
    verdict: RUN_CAUSES.job_unknown,
    cause: 'job_unknown',
    sentence: `${job} is not deployed in project ${project}${toSuggestion(job, names) || '.'}`,
    evidence: [],
    advice: [advise.listJobs(), advise.deploy('deploy it')],
    expectedBy: undefined,
    root: undefined,
  };
}
