import { OptimusError } from '../error/optimus-error.ts';
import { getNamespace } from '../namespace/register-namespace.ts';
import type { JobIndex } from '../ports/job-index.ts';
import { changeJobs } from './change-jobs.ts';
import { checkJobs, type DeployDeps } from './check-jobs.ts';
import { deleteJobs } from './delete-jobs.ts';
import { getJob } from './get-job.ts';
import type { InferredResources } from './infer-resources.ts';
import type { JobSpec } from './job-spec.ts';
import type { JobSpecProblem, RefusedJob } from './job-spec-problem.ts';
import { listRepeated } from './list-repeated.ts';

/** The stages of an examination, in the order in which they follow. */
export const VALIDATION_STAGES = [
  'tenant validation',
  'specification validation',
  'cyclic validation',
  'destination validation',
  'source validation',
  'window validation',
  'plugin validation',
  'run compile validation',
  'upstream validation',
] as const;

/** One stage of an examination. */
export type ValidationStage = (typeof VALIDATION_STAGES)[number] | 'deletion validation';

/** What a stage found. */
export interface StageResult {
  readonly stage: ValidationStage;
  readonly isSuccess: boolean;
  /** At least one: what is wrong, or that nothing is. */
  readonly messages: readonly string[];
}

/** A job and its stages. */
export interface ValidatedJob {
  readonly name: string;
  readonly results: readonly StageResult[];
}

/** What validating needs of the world. */
export interface ValidateDeps extends DeployDeps {
  readonly index: JobIndex;
}

interface ValidateRequest {
  readonly project: string;
  readonly namespace: string;
}

/** Examines specifications as if they were deployed together, and stores nothing. @throws OptimusError `REQUEST_INVALID` when one is there twice, `NAMESPACE_NOT_FOUND` */
export async function validateSpecs(
  deps: ValidateDeps,
  { project, namespace: name, specs }: ValidateRequest & { readonly specs: readonly JobSpec[] },
): Promise<readonly ValidatedJob[]> {
  assertOnce(specs.map((spec) => spec.name));
  const namespace = await getNamespace(deps, project, name);
  const digests = await deps.jobs.listDigests(
    namespace.project,
    specs.map((spec) => spec.name),
  );
  const upserts = specs.map((spec) => ({ namespace: name, spec }));
  const [checked, planned, inferred] = [
    await checkJobs(deps, specs, { namespace, digests }),
    await changeJobs(deps, { project, upserts, deletes: [], author: '', isDryRun: true }),
    await Promise.all(specs.map((spec) => deps.inferResources({ namespace, spec }))),
  ];
  const problems = toProblems([...checked, ...planned.refused]);
  return specs.map((spec, position) => ({
    name: spec.name,
    results: toResults(problems.get(spec.name) ?? [], {
      tenant: `${namespace.project}.${namespace.name}`,
      resources: inferred[position],
    }),
  }));
}

/** Examines deployed jobs as they are stored. @throws OptimusError as {@link validateSpecs}, `JOB_NOT_FOUND` */
export async function validateDeployed(
  deps: ValidateDeps,
  { jobs: names, ...request }: ValidateRequest & { readonly jobs: readonly string[] },
): Promise<readonly ValidatedJob[]> {
  const jobs = await Promise.all(names.map((job) => getJob(deps, { ...request, job })));
  const results = await validateSpecs(deps, { ...request, specs: jobs.map(({ spec }) => spec) });
  const edges = await deps.index.listEdges({
    jobs: jobs.map(({ project, spec }) => ({ project, job: spec.name })),
    direction: 'upstream',
  });
  const open = edges.filter(({ kind, isResolved }) => kind === 'static' && !isResolved);
  // Deployed jobs are not resolved again: what they name and is gone by now only the stored edges tell.
  return results.map((job) => {
    const missing = open.filter((edge) => edge.job === job.name);
    if (missing.length === 0) return job;
    const messages = missing.map(
      ({ upstream }) => `can not resolve upstream: ${upstream?.project}/${upstream?.job} is not deployed`,
    );
    const stage = 'upstream validation' as const;
    const others = job.results.filter((result) => result.stage !== stage);
    return { ...job, results: [...others, { stage, isSuccess: false, messages }] };
  });
}

/** Whether deployed jobs could be deleted, all together. @throws OptimusError `JOB_NOT_FOUND`, `NAMESPACE_NOT_FOUND` */
export async function validateDeletion(
  deps: DeployDeps,
  { project, namespace, jobs }: ValidateRequest & { readonly jobs: readonly string[] },
): Promise<readonly ValidatedJob[]> {
  assertOnce(jobs);
  const deletes = jobs.map((name) => ({ namespace, name }));
  const refused = toProblems(await deleteJobs(deps, { project, jobs: deletes, author: '', isDryRun: true }));
  return jobs.map((name) => {
    const messages = (refused.get(name) ?? []).map(({ message }) => `job ${message}`);
    const isSuccess = messages.length === 0;
    const stage = 'deletion validation' as const;
    return {
      name,
      results: [{ stage, isSuccess, messages: isSuccess ? ['job is safe for deletion'] : messages }],
    };
  });
}

function assertOnce(names: readonly string[]): void {
  const repeated = [...new Set(listRepeated(names).map((place) => names[place]))];
  if (repeated.length === 0) return;
  throw new OptimusError('REQUEST_INVALID', {
    message: `the following jobs are duplicated: [${repeated.join(', ')}]`,
    hint: 'name each job once',
  });
}

/** By job, each problem once: the checks overlap. */
function toProblems(refused: readonly RefusedJob[]): ReadonlyMap<string, readonly JobSpecProblem[]> {
  const byName = Map.groupBy(refused, ({ name }) => name);
  return new Map(
    [...byName].map(([name, jobs]) => {
      const problems = jobs.flatMap((job) => job.problems);
      return [name, [...new Map(problems.map((one) => [`${one.path} ${one.message}`, one])).values()]];
    }),
  );
}

function toResults(
  problems: readonly JobSpecProblem[],
  known: { readonly tenant: string; readonly resources: InferredResources | undefined },
): readonly StageResult[] {
  const byStage = Map.groupBy(problems, toStage);
  return VALIDATION_STAGES.map((stage) => {
    const found = byStage.get(stage) ?? [];
    const messages = found.map(({ path, message }) => `${path} ${message}`);
    const isSuccess = messages.length === 0;
    return { stage, isSuccess, messages: isSuccess ? describeGood(stage, known) : messages };
  });
}

function describeGood(
  stage: ValidationStage,
  { tenant, resources }: { readonly tenant: string; readonly resources: InferredResources | undefined },
): readonly string[] {
  if (stage === 'tenant validation') return [`current tenant is [${tenant}]`];
  if (stage === 'destination validation') return [resources?.destination ?? 'no destination is known'];
  if (stage === 'source validation' && resources && resources.sources.length > 0)
    return resources.sources.map((urn) => `${urn}: no issue`);
  return ['no issue'];
}

/** The stage that finds a problem, by the field that has it. */
function toStage({ path, message }: JobSpecProblem): ValidationStage {
  if (path === 'name' && message.includes('namespace')) return 'tenant validation';
  if (path.startsWith('task.window')) return 'window validation';
  if (path === 'task.name' || path.startsWith('hooks')) return 'plugin validation';
  if (path === 'task') return 'source validation';
  if (path.startsWith('task.config') || path.startsWith('assets')) return 'run compile validation';
  if (path === 'dependencies')
    return message.includes('wait for each other') ? 'cyclic validation' : 'upstream validation';
  return 'specification validation';
}
