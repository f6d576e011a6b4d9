import { OptimusError } from '../error/optimus-error.ts';
import { getNamespace } from '../namespace/register-namespace.ts';
import { changeJobs } from './change-jobs.ts';
import type { DeployDeps } from './check-jobs.ts';
import { toRefusal } from './deploy-jobs.ts';
import { getJob } from './get-job.ts';
import type { JobName } from './job-name.ts';
import type { JobSpec } from './job-spec.ts';

/** Jobs of one namespace to store; others stay. */
export interface SaveJobsRequest {
  readonly project: string;
  readonly namespace: string;
  readonly jobs: readonly JobSpec[];
  readonly author: string;
  /** `add`: none of them may be deployed; `update`: each must be; `upsert`: either. */
  readonly mode: 'add' | 'update' | 'upsert';
}

/** What became of each. */
export interface SavedJobs {
  /** Created or changed. */
  readonly stored: readonly JobName[];
  readonly unchanged: readonly JobName[];
}

/** Stores jobs, all of them or none. @throws OptimusError `JOB_EXISTS`, `JOB_NOT_FOUND`, `SPEC_INVALID`, `NAMESPACE_NOT_FOUND` */
export async function saveJobs(deps: DeployDeps, request: SaveJobsRequest): Promise<SavedJobs> {
  const { project, namespace, jobs, author, mode } = request;
  const { project: projectName } = await getNamespace(deps, project, namespace);
  const names = jobs.map(({ name }) => name);
  const deployed = new Set((await deps.jobs.listDigests(projectName, names)).map(({ name }) => name));
  const known = names.filter((name) => deployed.has(name));
  const absent = names.filter((name) => !deployed.has(name));
  if (mode === 'add' && known.length > 0) throw existsError(project, known);
  if (mode === 'update' && absent.length > 0) throw absentError(project, absent);
  const upserts = jobs.map((spec) => ({ namespace, spec }));
  const result = await changeJobs(deps, { project, upserts, deletes: [], author });
  if (result.refused.length > 0) throw toRefusal(result.refused);
  return { stored: [...result.created, ...result.changed].toSorted(), unchanged: result.unchanged };
}

function existsError(project: string, names: readonly JobName[]): OptimusError {
  return new OptimusError('JOB_EXISTS', {
    message: `already deployed in project "${project}": ${names.join(', ')}`,
    hint: 'update them, or leave them out',
    fields: { project, jobs: names.join(', ') },
  });
}

function absentError(project: string, names: readonly JobName[]): OptimusError {
  return new OptimusError('JOB_NOT_FOUND', {
    message: `not deployed in project "${project}": ${names.join(', ')}`,
    hint: 'add them first, or leave them out',
    fields: { project, jobs: names.join(', ') },
  });
}

/** Moves a deployed job to another namespace of its project: its versions, runs and schedule go along. @throws OptimusError `JOB_NOT_FOUND`, `NAMESPACE_NOT_FOUND`, `REQUEST_INVALID`, `SPEC_INVALID` */
export async function moveJob(
  deps: DeployDeps,
  request: {
    readonly project: string;
    readonly job: string;
    readonly namespace: string;
    readonly newNamespace: string;
    readonly author: string;
  },
): Promise<void> {
  const { project, namespace, newNamespace, author } = request;
  const { spec } = await getJob(deps, request);
  if (namespace === newNamespace) {
    throw new OptimusError('REQUEST_INVALID', {
      message: `job "${spec.name}" is in namespace "${namespace}" already`,
      hint: 'name another namespace',
      fields: { field: 'new_namespace_name' },
    });
  }
  const { refused } = await changeJobs(deps, {
    project,
    upserts: [{ namespace: newNamespace, spec, movedFrom: namespace }],
    deletes: [],
    author,
  });
  if (refused.length > 0) throw toRefusal(refused);
}
