import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  type InspectedJob,
  inspectJob,
  type JobEdge,
  type JobTreeNode,
  OptimusError,
  type PlannedProbe,
  planProbes,
} from '@optimus/domain';
import type { core } from '@optimus/proto';
import type { ApiDeps } from '../api-deps.ts';
import type { CallContext } from '../call/call.ts';
import { fromJobSpecification } from '../mapping/job-spec-from-message.ts';
import { toTimestamp } from '../mapping/time-mapping.ts';
import { type EdgeSurroundings, toEdgeReason, toProbeReason } from './edge-reason.ts';
import { locateReads } from './locate-reads.ts';

type Response = MessageInitShape<typeof core.JobInspectResponseSchema>;

/** Deeper than any chain of jobs that people keep in their heads; a tree is as large as its levels make it. */
const MOST_LEVELS = 100;

/** How long other servers may take to say who writes what nobody here writes: a person waits. */
const OTHERS_TIMEOUT_MS = 3000;

/** What a job reads and writes, whom it waits for and why, who waits for it, when it runs next. @throws OptimusError `JOB_NOT_FOUND`, `REQUEST_INVALID` */
export async function answerInspectedJob(
  deps: ApiDeps,
  request: core.JobInspectRequest,
  { signal }: Pick<CallContext, 'signal'>,
): Promise<Response> {
  const spec = request.spec && fromJobSpecification(request.spec);
  const inspected = await inspectJob(deps, {
    project: request.projectName,
    namespace: request.namespaceName,
    job: spec?.name ?? request.jobName,
    ...(spec && { spec }),
    upstreamLevels: toLevels(request.upstreamLevels, 'upstream_levels'),
    downstreamLevels: toLevels(request.downstreamLevels, 'downstream_levels'),
    signal: AbortSignal.any([signal, AbortSignal.timeout(OTHERS_TIMEOUT_MS)]),
  });
  return toResponse(inspected);
}

function toLevels(levels: number, field: string): number {
  if (levels === 0) return 1;
  if (levels > 0 && levels <= MOST_LEVELS) return levels;
  throw new OptimusError('REQUEST_INVALID', {
    message: `${field} is ${levels}, must be 1 to ${MOST_LEVELS}`,
    fields: { field },
  });
}

function toResponse(inspected: InspectedJob): Response {
  const { key, namespace, spec, destination = '', problems } = inspected;
  return {
    projectName: key.project,
    namespaceName: namespace,
    jobName: key.job,
    isDeployed: inspected.isDeployed,
    destination,
    waitsFor: [
      ...inspected.waitsFor.map((edge) => toOwnWait(edge, inspected)),
      ...planProbes(spec).map(toProbeWait(key)),
    ],
    waitedForBy: inspected.waitedForBy.map((edge) => toWait(edge)),
    upstream: inspected.upstream.map(toTreeJob),
    downstream: inspected.downstream.map(toTreeJob),
    nextRuns: inspected.nextRuns.map(({ scheduledAt, window }) => ({
      scheduledAt: toTimestamp(scheduledAt),
      windowStart: toTimestamp(window.start),
      windowEnd: toTimestamp(window.end),
    })),
    problems: [...problems],
    unknownReads: inspected.unknown.map(({ text, place, message }) => ({
      place: { asset: text, ...place },
      message,
    })),
  };
}

/** What lies beyond the jobs of this server is no edge: each run asks for it. */
function toProbeWait({ project, job }: InspectedJob['key']) {
  return ({ kind, name, target }: PlannedProbe) => {
    const [, upstreamProject = '', upstreamJob = ''] = kind === 'external' ? name.split(/^([^/]*)\//) : [];
    return {
      projectName: project,
      jobName: job,
      kind,
      urn: target,
      upstreamProjectName: upstreamProject,
      upstreamJobName: upstreamJob,
      isResolved: false,
      reason: toProbeReason(kind),
      places: [],
    };
  };
}

/** With the places in the assets of the job, and the job of another server that writes what it reads. */
function toOwnWait(edge: JobEdge, { spec, otherWriters }: InspectedJob) {
  const places = edge.kind === 'inferred' ? locateReads(spec, edge.urn) : [];
  const otherWriter = edge.isResolved ? undefined : otherWriters.get(edge.urn);
  const wait = toWait(edge, { places, otherWriter });
  if (otherWriter?.kind !== 'job') return wait;
  const { server, project, job } = otherWriter.job;
  return { ...wait, upstreamServer: server, upstreamProjectName: project, upstreamJobName: job };
}

function toWait(edge: JobEdge, surroundings: EdgeSurroundings = {}) {
  return {
    projectName: edge.project,
    jobName: edge.job,
    kind: edge.kind,
    urn: edge.urn,
    upstreamProjectName: edge.upstream?.project ?? '',
    upstreamJobName: edge.upstream?.job ?? '',
    isResolved: edge.isResolved,
    reason: toEdgeReason(edge, surroundings),
    places: [...(surroundings.places ?? [])],
  };
}

function toTreeJob({ project, job, level, isRepeated }: JobTreeNode) {
  return { projectName: project, jobName: job, level, isRepeated };
}
