import type { MessageInitShape } from '@bufbuild/protobuf';
import { type DeployResult, deployJobs, OptimusError, type RefusedJob } from '@optimus/domain';
import type { core } from '@optimus/proto';
import type { ApiDeps } from '../api-deps.ts';
import type { CallContext } from '../call/call.ts';
import { toCallStatus } from '../errors/call-status.ts';
import { checkSpecifications, readSpecifications, toProblemLines } from './check-specifications.ts';

type Request = core.DeployJobSpecificationRequest;
type Response = MessageInitShape<typeof core.DeployJobSpecificationResponseSchema>;

/**
 * Deploys each received namespace by itself, all of its jobs or none. Answers a message a refused job, then one that closes the
 * namespace. @throws OptimusError `SPEC_INVALID` at the end when any namespace was not deployed
 */
export async function* deployNamespaces(
  deps: ApiDeps,
  requests: AsyncIterable<Request>,
  context: CallContext,
): AsyncIterable<Response> {
  const failed: string[] = [];
  for await (const request of requests) {
    const { refused, summary } = await deployNamespace(deps, request, context);
    for (const job of refused)
      yield { success: false, ack: false, message: toProblemLines(job), jobName: job.name };
    yield summary;
    if (summary.success !== true) failed.push(request.namespaceName);
  }
  if (failed.length > 0) throw toDeployError(failed);
}

interface Outcome {
  readonly refused: readonly RefusedJob[];
  readonly summary: Response;
}

/** A namespace that fails as a whole is told like one with refused jobs: the next one is still to come. */
async function deployNamespace(deps: ApiDeps, request: Request, context: CallContext): Promise<Outcome> {
  const { namespaceName } = request;
  try {
    const result = await deployWhenReadable(deps, request, context.author);
    return result.refused.length === 0
      ? { refused: [], summary: toSuccess(namespaceName, result) }
      : { refused: result.refused, summary: toFailure(namespaceName, toRefusedCount(request, result)) };
  } catch (thrown) {
    const { message, hint } = toCallStatus(thrown, context.log);
    const reason = hint === '' ? message : `${message}; ${hint}`;
    return { refused: [], summary: toFailure(namespaceName, reason) };
  }
}

async function deployWhenReadable(deps: ApiDeps, request: Request, author: string): Promise<DeployResult> {
  const address = { project: request.projectName, namespace: request.namespaceName };
  const { specs, refused } = readSpecifications(request.jobs);
  if (refused.length === 0) return deployJobs(deps, { ...address, jobs: specs, isComplete: true, author });
  const all = await checkSpecifications(deps, address, request.jobs);
  return { created: [], changed: [], unchanged: [], deleted: [], refused: all };
}

function toSuccess(namespace: string, { created, changed, unchanged, deleted }: DeployResult): Response {
  const counts = `${created.length} created, ${changed.length} changed, ${unchanged.length} unchanged, ${deleted.length} deleted`;
  const message = `jobs with namespace [${namespace}] are deployed successfully: ${counts}`;
  return { success: true, ack: true, message };
}

function toFailure(namespace: string, reason: string): Response {
  return { success: false, ack: true, message: `namespace [${namespace}] is not deployed: ${reason}` };
}

function toRefusedCount({ jobs }: Request, { refused }: DeployResult): string {
  return `${refused.length} of ${jobs.length} jobs are refused, nothing is changed`;
}

function toDeployError(failed: readonly string[]): OptimusError {
  const namespaces = failed.join(', ');
  return new OptimusError('SPEC_INVALID', {
    message: `error when deploying: [${namespaces}]`,
    hint: 'the answers before say what is wrong with which job',
    fields: { namespaces },
  });
}
