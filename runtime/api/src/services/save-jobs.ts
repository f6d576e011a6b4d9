import {
  deleteJobs,
  moveJob,
  type SavedJobs,
  type SaveJobsRequest,
  saveJobs,
  toRefusal,
} from '@optimus/domain';
import type { core } from '@optimus/proto';
import type { ApiDeps } from '../api-deps.ts';
import type { ServiceHandlers } from '../call/call.ts';
import { readSpecifications } from './check-specifications.ts';

type Handlers = Pick<
  ServiceHandlers<typeof core.JobSpecificationService>,
  | 'addJobSpecifications'
  | 'updateJobSpecifications'
  | 'upsertJobSpecifications'
  | 'bulkDeleteJobs'
  | 'changeJobNamespace'
>;

/** The handlers that change several jobs, or move one. */
export function createSaveJobsHandlers(deps: ApiDeps): Handlers {
  return {
    async addJobSpecifications(request, { author }) {
      const { stored } = await save(deps, request, { mode: 'add', author });
      return { message: toMessage(stored, 'added'), successfulJobNames: [...stored] };
    },

    async updateJobSpecifications(request, { author }) {
      const { stored, unchanged } = await save(deps, request, { mode: 'update', author });
      const names = [...stored, ...unchanged].toSorted();
      return { message: toMessage(names, 'up to date'), successfulJobNames: names };
    },

    async upsertJobSpecifications(request, { author }) {
      const { stored, unchanged } = await save(deps, request, { mode: 'upsert', author });
      return {
        message: toMessage(stored, 'stored'),
        successfulJobNames: [...stored],
        skippedJobNames: [...unchanged],
      };
    },

    async bulkDeleteJobs({ projectName, jobs, force }, { author }) {
      const names = jobs.map(({ namespaceName, jobName }) => ({ namespace: namespaceName, name: jobName }));
      const request = { project: projectName, jobs: names, author, isForced: force };
      const refused = new Map((await deleteJobs(deps, request)).map((job) => [job.name, job.problems]));
      const entries = names.map(({ name }) => [name, toDeletion(refused, name)]);
      return { resultsByJobName: Object.fromEntries(entries) };
    },

    async changeJobNamespace({ projectName, namespaceName, newNamespaceName, jobName }, { author }) {
      const move = { project: projectName, namespace: namespaceName, job: jobName, author };
      await moveJob(deps, { ...move, newNamespace: newNamespaceName });
      return { success: true, message: `job ${jobName} is moved to namespace ${newNamespaceName}` };
    },
  };
}

function toDeletion(
  refused: ReadonlyMap<string, readonly { readonly message: string }[]>,
  name: string,
): { readonly success: boolean; readonly message: string } {
  const problems = refused.get(name);
  if (problems) return { success: false, message: problems.map(({ message }) => message).join('; ') };
  // All or nothing.
  if (refused.size > 0) return { success: false, message: 'is not deleted, as others cannot be' };
  return { success: true, message: 'is deleted' };
}

interface SpecsRequest {
  readonly projectName: string;
  readonly namespaceName: string;
  readonly specs: readonly core.JobSpecification[];
}

async function save(
  deps: ApiDeps,
  { projectName: project, namespaceName: namespace, specs: messages }: SpecsRequest,
  how: Pick<SaveJobsRequest, 'mode' | 'author'>,
): Promise<SavedJobs> {
  const { specs, refused } = readSpecifications(messages);
  if (refused.length > 0) throw toRefusal(refused);
  return saveJobs(deps, { project, namespace, jobs: specs, ...how });
}

function toMessage(names: readonly string[], what: string): string {
  return `${names.length === 1 ? '1 job is' : `${names.length} jobs are`} ${what}`;
}
