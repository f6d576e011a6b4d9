import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  OptimusError,
  type ValidatedJob,
  validateDeletion,
  validateDeployed,
  validateSpecs,
} from '@optimus/domain';
import type { core } from '@optimus/proto';
import type { ApiDeps } from '../api-deps.ts';
import { readSpecifications } from './check-specifications.ts';

type Response = MessageInitShape<typeof core.ValidateResponseSchema>;

/** Examines jobs stage by stage. @throws OptimusError `REQUEST_INVALID`, `JOB_NOT_FOUND`, `NAMESPACE_NOT_FOUND` */
export async function answerValidation(deps: ApiDeps, request: core.ValidateRequest): Promise<Response> {
  const { projectName: project, namespaceName: namespace, payload } = request;
  switch (payload.case) {
    case 'fromServer': {
      const { jobNames: jobs, deletionMode } = payload.value;
      assertSome(jobs);
      const validate = deletionMode ? validateDeletion : validateDeployed;
      return toResponse(await validate(deps, { project, namespace, jobs }));
    }
    case 'fromOutside': {
      assertSome(payload.value.jobs);
      const { specs, refused } = readSpecifications(payload.value.jobs);
      const unreadable = refused.map(({ name, problems }): ValidatedJob => {
        const messages = problems.map(({ path, message }) => `${path} ${message}`);
        return { name, results: [{ stage: 'specification validation', isSuccess: false, messages }] };
      });
      return toResponse([...unreadable, ...(await validateSpecs(deps, { project, namespace, specs }))]);
    }
    default:
      return assertSome([]);
  }
}

function assertSome(jobs: readonly unknown[]): never | Response {
  if (jobs.length > 0) return {};
  throw new OptimusError('REQUEST_INVALID', {
    message: 'job names and job specs are both empty',
    hint: 'name deployed jobs under from_server, or send specifications under from_outside',
  });
}

function toResponse(jobs: readonly ValidatedJob[]): Response {
  const entries = jobs.map(({ name, results }) => [
    name,
    {
      results: results.map(({ stage, isSuccess, messages }) => ({
        name: stage,
        messages: [...messages],
        success: isSuccess,
      })),
    },
  ]);
  return { resultsByJobName: Object.fromEntries(entries) };
}
