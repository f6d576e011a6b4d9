import { getNamespace } from '../namespace/register-namespace.ts';
import type { JobIndex } from '../ports/job-index.ts';
import type { OtherServers } from '../ports/other-servers.ts';
import { computeJobWindow } from '../run/job-window.ts';
import type { Interval } from '../run/run.ts';
import { listNextTicks } from '../schedule/next-ticks.ts';
import { changeJobs } from './change-jobs.ts';
import type { DeployDeps } from './check-jobs.ts';
import { findOtherWriters, type OtherWriter } from './find-other-writers.ts';
import { getJob } from './get-job.ts';
import type { JobKey } from './job.ts';
import type { JobEdge, JobResources } from './job-edge.ts';
import type { JobSpec } from './job-spec.ts';
import type { JobSpecProblem } from './job-spec-problem.ts';
import { type JobTreeNode, readJobTree } from './job-tree.ts';
import type { UnknownRead } from './unknown-read.ts';

/** A deployed job, or a specification to look at in its stead. */
export interface InspectRequest {
  readonly project: string;
  readonly namespace: string;
  readonly job: string;
  /** Deployed or not; nothing is stored. */
  readonly spec?: JobSpec;
  /** Levels of the trees, from 1. */
  readonly upstreamLevels: number;
  readonly downstreamLevels: number;
  /** Ends the asking of other servers, which is then told of. */
  readonly signal: AbortSignal;
}

/** A run to come and the data it covers. */
export interface NextRun {
  readonly scheduledAt: Date;
  readonly window: Interval;
}

/** All that there is to know about how a job hangs together with others. */
export interface InspectedJob extends Pick<JobResources, 'destination'> {
  readonly key: JobKey;
  readonly namespace: string;
  readonly spec: JobSpec;
  readonly isDeployed: boolean;
  /** The edges by which it waits, unresolved ones among them. */
  readonly waitsFor: readonly JobEdge[];
  /** Who of other servers writes what is read and nobody here writes, by URN; empty when there are no other servers. */
  readonly otherWriters: ReadonlyMap<string, OtherWriter>;
  /** The edges by which others wait for it. */
  readonly waitedForBy: readonly JobEdge[];
  readonly upstream: readonly JobTreeNode[];
  readonly downstream: readonly JobTreeNode[];
  readonly nextRuns: readonly NextRun[];
  /** Why the specification that came along could not be deployed. */
  readonly problems: readonly JobSpecProblem[];
  /** What keeps from being known all that it reads. */
  readonly unknown: readonly UnknownRead[];
}

/** What inspecting needs of the world. */
export interface InspectDeps extends DeployDeps {
  readonly index: JobIndex;
  readonly others: Pick<OtherServers, 'names' | 'findWriter'>;
}

const NEXT_RUNS = 3;

/** Looks at a job: what it writes, whom it waits for, who waits for it, when it runs next. @throws OptimusError `JOB_NOT_FOUND`, `NAMESPACE_NOT_FOUND` */
export async function inspectJob(deps: InspectDeps, request: InspectRequest): Promise<InspectedJob> {
  const namespace = await getNamespace(deps, request.project, request.namespace);
  const { project } = namespace;
  const spec = request.spec ?? (await getJob(deps, request)).spec;
  const key = { project, job: spec.name };
  const inferred = await deps.inferResources({ namespace, spec });
  const edges = await readEdges(deps, key, request);
  const [otherWriters, upstream, downstream] = await Promise.all([
    findOtherWriters(deps.others, edges.waitsFor, request.signal),
    readJobTree(deps.index, key, {
      edges: edges.waitsFor,
      levels: request.upstreamLevels,
      direction: 'upstream',
    }),
    readJobTree(deps.index, key, {
      edges: edges.waitedForBy,
      levels: request.downstreamLevels,
      direction: 'downstream',
    }),
  ]);
  const nextRuns = edges.problems.length > 0 ? [] : await listNextRuns(deps, { spec, project });
  const isDeployed = request.spec === undefined;
  // Of one that came along, the change that deploying it would be has told them.
  const problems = isDeployed ? inferred.problems : edges.problems;
  return {
    key,
    namespace: namespace.name,
    spec,
    isDeployed,
    destination: inferred.destination,
    ...edges,
    problems,
    unknown: inferred.unknown ?? [],
    otherWriters,
    upstream,
    downstream,
    nextRuns,
  };
}

interface OwnEdges {
  readonly waitsFor: readonly JobEdge[];
  readonly waitedForBy: readonly JobEdge[];
  readonly problems: readonly JobSpecProblem[];
}

/** Those that are stored; for a specification that came along, those that deploying it would make of them. */
async function readEdges(deps: InspectDeps, key: JobKey, request: InspectRequest): Promise<OwnEdges> {
  const jobs = [key];
  const [waitsFor, waitedForBy] = await Promise.all([
    deps.index.listEdges({ jobs, direction: 'upstream' }),
    deps.index.listEdges({ jobs, direction: 'downstream' }),
  ]);
  const { project, namespace, spec } = request;
  if (!spec) return { waitsFor, waitedForBy, problems: [] };
  const upserts = [{ namespace, spec }];
  const planned = await changeJobs(deps, { project, upserts, deletes: [], author: '', isDryRun: true });
  const { gained, lost, refused } = planned;
  const [gone, gainedOwn] = [new Set(lost.map(toText)), gained.filter((edge) => isAt(edge, key))];
  const gainedOthers = gained.filter((edge) => edge.upstream && isAt(edge.upstream, key));
  return {
    waitsFor: [...waitsFor.filter((edge) => !gone.has(toText(edge))), ...gainedOwn],
    waitedForBy: [...waitedForBy.filter((edge) => !gone.has(toText(edge))), ...gainedOthers],
    problems: refused.filter(({ name }) => name === key.job).flatMap(({ problems }) => problems),
  };
}

function isAt({ project, job }: JobKey, key: JobKey): boolean {
  return project === key.project && job === key.job;
}

function toText({ project, job, kind, urn, upstream }: JobEdge): string {
  return JSON.stringify([project, job, kind, urn, upstream?.project, upstream?.job]);
}

async function listNextRuns(
  deps: InspectDeps,
  job: Parameters<typeof computeJobWindow>[1],
): Promise<readonly NextRun[]> {
  const ticks = listNextTicks(job.spec.schedule, await deps.now(), NEXT_RUNS);
  return Promise.all(
    ticks.map(async (scheduledAt) => ({
      scheduledAt,
      window: await computeJobWindow(deps, job, scheduledAt),
    })),
  );
}
