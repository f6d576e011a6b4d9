import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  type InspectedJob,
  inspectJob,
  type JobEdge,
  type JobSpec,
  type JobTreeNode,
  OptimusError,
  type PlannedProbe,
  planProbes,
} from '@optimus/domain';
import type { core } from '@optimus/proto';
import type { ApiDeps } from '../api-deps.ts';
import { fromJobSpecification } from '../mapping/job-spec-from-message.ts';
import { toTimestamp } from '../mapping/time-mapping.ts';
import { toEdgeReason, toProbeReason } from './edge-reason.ts';
import { locateReads } from './locate-reads.ts';

type Response = MessageInitShape<typeof core.JobInspectResponseSchema>;

/** Deeper than any chain of jobs that people keep in their heads; a tree is as large as its levels make it. */
const MOST_LEVELS = 100;

/** What a job reads and writes, whom it waits for and why, who waits for it, when it runs next. @throws OptimusError `JOB_NOT_FOUND`, `REQUEST_INVALID` */
export async function answerInspectedJob(deps: ApiDeps, request: core.JobInspectRequest): Promise<Response> {
  const spec = request.spec && fromJobSpecification(request.spec);
  const inspected = await inspectJob(deps, {
    project: request.projectName,
    namespace: request.namespaceName,
    job: spec?.name ?? request.jobName,
    ...(spec && { spec }),
    upstreamLevels: toLevels(request.upstreamLevels, 'upstream_levels'),
    downstreamLevels: toLevels(request.downstreamLevels, 'downstream_levels'),
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
      ...inspected.waitsFor.map((edge) => toWait(edge, spec)),
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

/** With the places in the assets of the job that waits, when it is the one that is inspected. */
function toWait(edge: JobEdge, spec?: JobSpec) {
  const places = spec && edge.kind === 'inferred' ? locateReads(spec, edge.urn) : [];
  return {
    projectName: edge.project,
    jobName: edge.job,
    kind: edge.kind,
    urn: edge.urn,
    upstreamProjectName: edge.upstream?.project ?? '',
    upstreamJobName: edge.upstream?.job ?? '',
    isResolved: edge.isResolved,
    reason: toEdgeReason(edge, places),
    places: [...places],
  };
}

function toTreeJob({ project, job, level, isRepeated }: JobTreeNode) {
  return { projectName: project, jobName: job, level, isRepeated };
}
