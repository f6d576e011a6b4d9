import type { MessageInitShape } from '@bufbuild/protobuf';
import { type Explanation, explainJobRun } from '@optimus/domain';
import type { core } from '@optimus/proto';
import type { ApiDeps } from '../api-deps.ts';
import { fromTimestamp, toTimestamp } from '../mapping/time-mapping.ts';

type Answer = MessageInitShape<typeof core.ExplainJobRunResponseSchema>;

/** Why a run is where it is. */
export async function answerWhy(
  deps: ApiDeps,
  { projectName, jobName, scheduledAt }: core.ExplainJobRunRequest,
): Promise<Answer> {
  const tick = fromTimestamp(scheduledAt, 'scheduled_at');
  const address = { project: projectName, job: jobName, ...(tick && { scheduledAt: tick }) };
  return toAnswer(await explainJobRun(deps, address));
}

function toAnswer({ evidence, advice, root, ...explanation }: Explanation): Answer {
  const { project, job, scheduledAt, state, verdict, cause, sentence, expectedBy } = explanation;
  return {
    projectName: project,
    jobName: job,
    ...(scheduledAt && { scheduledAt: toTimestamp(scheduledAt) }),
    state: state ?? '',
    verdict,
    cause,
    sentence,
    evidence: evidence.map(({ subject, text }) => ({ subject, text })),
    advice: advice.map(({ command, purpose }) => ({ command, purpose })),
    ...(expectedBy && { expectedBy: toTimestamp(expectedBy) }),
    ...(root && { root: toRootRun(root) }),
  };
}

function toRootRun({ project, job, scheduledAt, cause }: NonNullable<Explanation['root']>) {
  return { projectName: project, jobName: job, scheduledAt: toTimestamp(scheduledAt), cause };
}
