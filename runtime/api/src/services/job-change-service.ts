import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  type ChangeJobsResult,
  changeJobs,
  type Job,
  type JobEdge,
  type NeededJob,
  OptimusError,
  parseProjectName,
  type RefusedJob,
} from '@optimus/domain';
import type { core } from '@optimus/proto';
import type { ApiDeps } from '../api-deps.ts';
import type { ServiceHandlers } from '../call/call.ts';
import { toJobSpecification } from '../mapping/job-spec-to-message.ts';
import { toWarningMessage } from '../mapping/job-warning-to-message.ts';
import { toPresetChange } from '../mapping/preset-change-mapping.ts';
import { readChange } from './read-change.ts';

type Response = MessageInitShape<typeof core.ChangeJobsResponseSchema>;

/** Handlers of `JobChangeService`. */
export function createJobChangeHandlers(deps: ApiDeps): ServiceHandlers<typeof core.JobChangeService> {
  return {
    async listJobDigests({ projectName, knownRevision }) {
      const project = parseProjectName(projectName);
      const found = await deps.jobs.readRevision(project, knownRevision === '' ? undefined : knownRevision);
      if (!found) return { revision: knownRevision, isKnown: true };
      const digests = found.digests.map(({ namespace, name, contentHash }) => ({
        namespaceName: namespace,
        jobName: name,
        contentHash,
      }));
      return { revision: found.revision, digests };
    },

    async *changeJobs(requests, { author }) {
      const { request, unreadable } = await readChange(requests);
      // A job that cannot even be read holds the others like one that is wrong; in a partial change it is left out.
      const isHeld = unreadable.length > 0 && !request.isPartial;
      const result = await changeJobs(deps, { ...request, author, isDryRun: request.isDryRun || isHeld });
      const refused = [...unreadable, ...result.refused];
      for (const job of refused) yield toRefusal(job);
      const stored = request.isDryRun ? await listStored(deps, request.project, result) : [];
      yield toSummary(result, {
        stored,
        isDryRun: request.isDryRun,
        isHeld: refused.length > 0 && !request.isPartial,
      });
      if (refused.length > 0) throw toChangeError(refused, request.isPartial);
    },
  };
}

function toRefusal({ name, problems }: RefusedJob): Response {
  const located = problems.map(({ path, message, place }) => ({ path, message, ...place }));
  return { part: { case: 'refusal', value: { jobName: name, problems: located } } };
}

interface HowMade {
  readonly isDryRun: boolean;
  /** Refused jobs kept everything from being stored. */
  readonly isHeld: boolean;
  readonly stored: readonly Job[];
}

/** The jobs that a dry run would change, as they are. */
function listStored(
  deps: ApiDeps,
  project: string,
  { changed, moved }: ChangeJobsResult,
): Promise<readonly Job[]> {
  return deps.jobs.list({ project: parseProjectName(project), names: [...changed, ...moved] });
}

function toSummary(result: ChangeJobsResult, { isDryRun, isHeld, stored }: HowMade): Response {
  const { revision, revisionBefore, created, changed, moved, deleted, unchanged } = result;
  const names = { created: [...created], changed: [...changed], moved: [...moved], deleted: [...deleted] };
  const value = {
    isStored: !isDryRun && !isHeld,
    revision,
    revisionBefore,
    ...names,
    unchanged: [...unchanged],
    warnings: result.warnings.map(toWarningMessage),
    ...(result.presets && { presetChange: toPresetChange(result.presets) }),
    ...(isDryRun && {
      gained: result.gained.map(toEdgeMessage),
      lost: result.lost.map(toEdgeMessage),
      downstream: result.downstream.map(toAddress),
      stored: stored.map(({ spec }) => toJobSpecification(spec)),
    }),
  };
  return { part: { case: 'summary', value } };
}

function toEdgeMessage({ project, job, kind, urn, upstream, isResolved }: JobEdge) {
  return {
    projectName: project,
    jobName: job,
    kind,
    urn,
    upstreamProjectName: upstream?.project ?? '',
    upstreamJobName: upstream?.job ?? '',
    isResolved,
  };
}

function toAddress({ project, namespace, job }: NeededJob) {
  return { projectName: project, namespaceName: namespace, jobName: job };
}

function toChangeError(refused: readonly RefusedJob[], isPartial: boolean): OptimusError {
  const count = refused.length === 1 ? '1 job is' : `${refused.length} jobs are`;
  return new OptimusError('SPEC_INVALID', {
    message: `${count} refused, ${isPartial ? 'the others are stored' : 'nothing is changed'}`,
    hint: 'the answers before say what is wrong with which job',
  });
}
