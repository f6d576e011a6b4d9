import { present } from '../error/invariant.ts';
import type { Namespace } from '../namespace/namespace.ts';
import { getNamespace } from '../namespace/register-namespace.ts';
import type { JobChangeOutcome, JobUpsert } from '../ports/job-store.ts';
import type { Project } from '../project/project.ts';
import { getProject, type RegisteredProject } from '../project/register-project.ts';
import { type HookPlugins, planInstances } from '../run/plan-instances.ts';
import { planFirstTick } from '../schedule/plan-runs.ts';
import {
  asRegistered,
  type ChangeRegistration,
  type PlannedRegistration,
  planChangeRegistration,
} from './change-registration.ts';
import { checkJobs, type DeployDeps, listPlugins } from './check-jobs.ts';
import { findJobWarnings } from './find-job-warnings.ts';
import { INFERENCES } from './infer-resources.ts';
import type { JobDigest } from './job.ts';
import { toJobContentHash } from './job-content-hash.ts';
import type { JobResources } from './job-edge.ts';
import { type JobName, parseJobName } from './job-name.ts';
import type { JobSpec } from './job-spec.ts';
import type { RefusedJob } from './job-spec-problem.ts';
import type { JobWarning } from './job-warning.ts';
import { mapLimited } from './map-limited.ts';
import { warnOfSharedDestinations } from './warn-of-shared-destinations.ts';

/** A job as its author wants it stored. */
export interface WantedJob {
  readonly namespace: string;
  readonly spec: JobSpec;
  /** The namespace that it is to leave. */
  readonly movedFrom?: string;
}

/** What a client wants changed of a project's jobs; others stay as they are. */
export interface ChangeJobsRequest {
  readonly project: string;
  readonly upserts: readonly WantedJob[];
  readonly deletes: ReadonlyArray<{ readonly namespace: string; readonly name: string }>;
  readonly author: string;
  /** The content hashes on which the request rests, by job; undefined for one that was not deployed. */
  readonly basis?: ReadonlyMap<string, string | undefined>;
  /** Stored in the same transaction, before the jobs. Absent: project and namespaces stay as they are. */
  readonly registration?: ChangeRegistration;
  /** Store the good jobs and leave the refused ones as they are stored. Default: all or nothing. */
  readonly isPartial?: boolean;
  /** Delete jobs that others need. */
  readonly isForced?: boolean;
  /** Work everything out and store nothing. */
  readonly isDryRun?: boolean;
}

/** What a change did, or would do; each list sorted by name. */
export interface ChangeJobsResult extends Omit<JobChangeOutcome, 'refused'> {
  readonly created: readonly JobName[];
  readonly changed: readonly JobName[];
  readonly moved: readonly JobName[];
  readonly unchanged: readonly JobName[];
  readonly deleted: readonly JobName[];
  readonly refused: readonly RefusedJob[];
  /** Of the jobs that differ from what is stored. */
  readonly warnings: readonly JobWarning[];
  /** What the registration did to the presets; undefined without one. */
  readonly presets?: Pick<RegisteredProject, 'change' | 'kept'>;
}

/**
 * Changes jobs of a project, in any of its namespaces, all or nothing: a refused job keeps the others from being stored, unless
 * the request is partial. Work grows with the request, not with the project.
 * @throws OptimusError `PROJECT_NOT_FOUND`, `NAMESPACE_NOT_FOUND`, `JOB_NOT_FOUND` for a deletion, `VERSION_CONFLICT`
 */
export async function changeJobs(deps: DeployDeps, request: ChangeJobsRequest): Promise<ChangeJobsResult> {
  if (!request.registration) return changeRegistered(deps, request, undefined);
  const registration = await planChangeRegistration(deps, request.project, request.registration);
  const { change, kept } = registration.project;
  const result = await changeRegistered(asRegistered(deps, registration), request, registration);
  return { ...result, presets: { change, kept } };
}

async function changeRegistered(
  deps: DeployDeps,
  request: ChangeJobsRequest,
  registration: PlannedRegistration | undefined,
): Promise<ChangeJobsResult> {
  const project = await getProject(deps, request.project);
  const namespaces = await findNamespaces(deps, request);
  const deletes = request.deletes.map(({ namespace, name }) => ({
    namespace: getKnown(namespaces, namespace).name,
    name: parseJobName(name),
  }));
  const names = [...request.upserts.map(({ spec }) => spec.name), ...deletes.map(({ name }) => name)];
  const digests = registration?.isNew ? [] : await deps.jobs.listDigests(project.name, names);
  const { upserts, unchanged, refused, warnings } = await prepare(deps, request, {
    project,
    namespaces,
    digests,
  });
  const basis = request.basis && toBasis(request.basis);
  const change = {
    project: project.name,
    author: request.author,
    ...(basis && { basis }),
    ...(registration && { registration: toStored(registration) }),
  };
  const options = { isDryRun: request.isDryRun ?? false, isForced: request.isForced ?? false };
  const all: RefusedJob[] = [...refused];
  for (;;) {
    const out = new Set(all.map(({ name }) => name));
    const isHeld = all.length > 0 && request.isPartial !== true;
    const kept = {
      upserts: upserts.filter(({ spec }) => !out.has(spec.name)),
      deletes: deletes.filter(({ name }) => !out.has(name)),
    };
    // A held change is still worked out, as if the refused jobs were there: its author sees all that is wrong in one pass.
    const pending = isHeld ? request.upserts.map(({ spec }) => spec.name) : [];
    const outcome = await deps.jobs.apply(
      { ...change, ...kept, pending },
      { ...options, isDryRun: options.isDryRun || isHeld },
    );
    all.push(...outcome.refused);
    if (outcome.refused.length > 0 && request.isPartial === true) continue;
    return toResult({ ...outcome, refused: all }, { ...kept, digests, unchanged, warnings });
  }
}

function toStored({ project: { name, config, presets }, namespaces }: PlannedRegistration) {
  return { project: { name, config, ...(presets && { presets }) }, namespaces };
}

type Namespaces = ReadonlyMap<string, Namespace>;

interface Known {
  readonly project: Project;
  readonly namespaces: Namespaces;
  readonly digests: readonly JobDigest[];
}

async function findNamespaces(deps: DeployDeps, request: ChangeJobsRequest): Promise<Namespaces> {
  const names = new Set([...request.upserts, ...request.deletes].map(({ namespace }) => namespace));
  const found = await Promise.all([...names].map((name) => getNamespace(deps, request.project, name)));
  return new Map(found.map((namespace) => [namespace.name, namespace]));
}

async function prepare(deps: DeployDeps, request: ChangeJobsRequest, known: Known) {
  const stored = new Map(known.digests.map((digest) => [digest.name, digest]));
  const wanted = request.upserts.map((job) => ({ ...job, contentHash: toJobContentHash(job.spec) }));
  const counts = Map.groupBy(wanted, ({ spec }) => spec.name);
  const isStored = ({ spec, namespace, contentHash }: (typeof wanted)[number]): boolean => {
    const digest = stored.get(spec.name);
    const isOnly = counts.get(spec.name)?.length === 1;
    return isOnly && digest?.contentHash === contentHash && digest.namespace === namespace;
  };
  const changed = wanted.filter((job) => !isStored(job));
  const refused = await findRefused(deps, changed, known);
  const out = new Set(refused.map(({ name }) => name));
  const sound = changed.filter(({ spec }) => !out.has(spec.name));
  const [now, { hooks }] = await Promise.all([deps.now(), listPlugins(deps.plugins)]);
  const inferred = await mapLimited(sound, INFERENCES, async (job) => {
    const namespace = getKnown(known.namespaces, job.namespace);
    const {
      problems,
      unknown = [],
      ...resources
    } = await deps.inferResources({
      namespace,
      spec: job.spec,
      project: known.project,
    });
    const upsert = toUpsert({ ...job, namespace, resources }, stored.get(job.spec.name), { now, hooks });
    return { upsert, namespace, spec: job.spec, problems, unknown };
  });
  const unread = inferred.flatMap(({ upsert, problems }) =>
    problems.length === 0 ? [] : [{ name: upsert.spec.name, problems }],
  );
  return {
    upserts: inferred.flatMap(({ upsert, problems }) => (problems.length === 0 ? [upsert] : [])),
    unchanged: wanted.filter(isStored).map(({ spec }) => spec.name),
    refused: [...refused, ...unread],
    warnings: await findJobWarnings(deps, inferred, { project: known.project, now }),
  };
}

interface PreparedJob extends Omit<WantedJob, 'namespace'> {
  readonly namespace: Namespace;
  readonly contentHash: string;
  readonly resources: JobResources;
}

function toUpsert(
  job: PreparedJob,
  stored: JobDigest | undefined,
  { now, hooks }: { readonly now: Date; readonly hooks: HookPlugins },
): JobUpsert {
  const { namespace, spec, contentHash, resources, movedFrom } = job;
  const input = { schedule: spec.schedule, catchUp: spec.behavior.catchUp };
  const nextScheduledAt = planFirstTick(input, now, stored?.lastScheduledAt);
  const isMoved = movedFrom !== undefined && stored?.namespace === movedFrom;
  return {
    namespace: namespace.name,
    spec,
    contentHash,
    instances: planInstances(spec, hooks),
    resources,
    nextScheduledAt,
    ...(isMoved && { movedFrom: stored.namespace }),
  };
}

/** What is wrong with each job by itself, and with their names together. */
async function findRefused(
  deps: DeployDeps,
  wanted: readonly WantedJob[],
  { namespaces, digests }: Known,
): Promise<readonly RefusedJob[]> {
  const moves = new Map(
    wanted.flatMap(({ spec, movedFrom }) => (movedFrom === undefined ? [] : [[spec.name, movedFrom]])),
  );
  const others = digests.filter(({ name, namespace }) => moves.get(name) !== namespace);
  const groups = Map.groupBy(wanted, ({ namespace }) => namespace);
  const refused = await Promise.all(
    [...groups].map(([name, jobs]) =>
      checkJobs(
        deps,
        jobs.map(({ spec }) => spec),
        { namespace: getKnown(namespaces, name), digests: others },
      ),
    ),
  );
  return [...refused.flat(), ...findSharedNames(wanted)];
}

/** A name that two namespaces of one request want; twice in one namespace is found with its jobs. */
function findSharedNames(wanted: readonly WantedJob[]): readonly RefusedJob[] {
  const byName = Map.groupBy(wanted, ({ spec }) => spec.name);
  return [...byName].flatMap(([name, jobs]) => {
    const places = new Set(jobs.map(({ namespace }) => namespace));
    if (places.size < 2) return [];
    const message = `"${name}" is a job of namespaces ${[...places].join(' and ')}; names are unique in a project`;
    return [{ name, problems: [{ path: 'name', message }] }];
  });
}

function getKnown(namespaces: Namespaces, name: string): Namespace {
  return present(namespaces.get(name), `namespace ${name}`);
}

function toBasis(basis: ReadonlyMap<string, string | undefined>): ReadonlyMap<JobName, string | undefined> {
  return new Map([...basis].map(([name, hash]) => [parseJobName(name), hash]));
}

interface AppliedChange {
  readonly upserts: readonly JobUpsert[];
  readonly deletes: ReadonlyArray<{ readonly name: JobName }>;
  readonly digests: readonly JobDigest[];
  readonly unchanged: readonly JobName[];
  readonly warnings: readonly JobWarning[];
}

function toResult(outcome: JobChangeOutcome, change: AppliedChange): ChangeJobsResult {
  const stored = new Map(change.digests.map((digest) => [digest.name, digest]));
  const kindOf = ({ spec, movedFrom }: JobUpsert) =>
    movedFrom !== undefined ? 'moved' : stored.has(spec.name) ? 'changed' : 'created';
  const byKind = Map.groupBy(change.upserts, kindOf);
  const toNames = (kind: ReturnType<typeof kindOf>) =>
    (byKind.get(kind) ?? []).map(({ spec }) => spec.name).toSorted();
  return {
    ...outcome,
    created: toNames('created'),
    changed: toNames('changed'),
    moved: toNames('moved'),
    unchanged: change.unchanged.toSorted(),
    deleted: change.deletes.map(({ name }) => name).toSorted(),
    warnings: [...change.warnings, ...warnOfSharedDestinations(outcome.shared, change.upserts)],
  };
}
