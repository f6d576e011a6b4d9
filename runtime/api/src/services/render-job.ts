import type { MessageInitShape } from '@bufbuild/protobuf';
import { OptimusError, type RenderedInstance, renderOnServer } from '@optimus/domain';
import type { core } from '@optimus/proto';
import type { ApiDeps } from '../api-deps.ts';
import { toFileFields } from '../mapping/file-mapping.ts';
import { fromJobSpecification } from '../mapping/job-spec-from-message.ts';
import { toInstanceType } from '../mapping/run-mapping.ts';
import { fromTimestamp, toTimestamp } from '../mapping/time-mapping.ts';

/** Compiles the deployed job, or the one in the request, for a tick. @throws OptimusError as `renderOnServer`, and `REQUEST_INVALID` */
export async function answerRenderedJob(
  deps: ApiDeps,
  request: core.RenderJobRequest,
): Promise<MessageInitShape<typeof core.RenderJobResponseSchema>> {
  const spec = request.spec && fromJobSpecification(request.spec);
  assertSameJob(request.jobName, spec?.name);
  const { scheduledAt, window, instances } = await renderOnServer(deps, {
    project: request.projectName,
    namespace: request.namespaceName,
    job: request.jobName,
    scheduledAt: fromTimestamp(request.scheduledAt, 'scheduled_at'),
    spec,
  });
  return {
    scheduledAt: toTimestamp(scheduledAt),
    windowStart: toTimestamp(window.start),
    windowEnd: toTimestamp(window.end),
    instances: instances.map(toMessage),
  };
}

function assertSameJob(asked: string, given: string | undefined): void {
  if (given === undefined || given === asked) return;
  throw new OptimusError('REQUEST_INVALID', {
    message: `job_name is "${asked}", but spec is of job "${given}"`,
    fields: { field: 'job_name' },
  });
}

function toMessage({ name, type, context: { envs, files, secrets, warnings } }: RenderedInstance) {
  return {
    name,
    type: toInstanceType(type),
    context: { envs, ...toFileFields(files), secrets },
    warnings: [...warnings],
  };
}
