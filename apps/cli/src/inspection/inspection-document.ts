import { formatInstant } from '@optimus/domain';
import type { core } from '@optimus/proto';
import { toInstant } from '../session/list-runs.ts';

/** An inspected job as plain data. */
export function toInspectionDocument(answer: core.JobInspectResponse): Readonly<Record<string, unknown>> {
  return {
    job: answer.jobName,
    project: answer.projectName,
    namespace: answer.namespaceName,
    isDeployed: answer.isDeployed,
    destination: answer.destination,
    waitsFor: answer.waitsFor.map(toWait),
    waitedForBy: answer.waitedForBy.map(toWait),
    upstream: answer.upstream.map(toTreeJob),
    downstream: answer.downstream.map(toTreeJob),
    nextRuns: answer.nextRuns.map(({ scheduledAt, windowStart, windowEnd }) => ({
      scheduledAt: toText(scheduledAt),
      windowStart: toText(windowStart),
      windowEnd: toText(windowEnd),
    })),
    problems: answer.problems.map(({ path, message }) => ({ path, message })),
    unknownReads: answer.unknownReads.map(({ place, message }) => ({
      asset: place?.asset ?? '',
      line: place?.line ?? 0,
      column: place?.column ?? 0,
      message,
    })),
  };
}

function toWait(wait: core.JobInspectResponse_Wait) {
  const { projectName, jobName, kind, urn, isResolved, reason } = wait;
  const { upstreamServer, upstreamProjectName, upstreamJobName } = wait;
  return {
    project: projectName,
    job: jobName,
    kind,
    urn,
    upstreamServer,
    upstreamProject: upstreamProjectName,
    upstreamJob: upstreamJobName,
    isResolved,
    reason,
    places: wait.places.map(({ asset, line, column }) => ({ asset, line, column })),
  };
}

function toTreeJob({ projectName, jobName, level, isRepeated }: core.JobInspectResponse_TreeJob) {
  return { project: projectName, job: jobName, level, isRepeated };
}

/** An instant of an answer in RFC 3339; empty when there is none. */
export function toText(timestamp: Parameters<typeof toInstant>[0]): string {
  const instant = toInstant(timestamp);
  return instant ? formatInstant(instant) : '';
}
