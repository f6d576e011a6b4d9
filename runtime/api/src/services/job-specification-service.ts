import {
  deleteJob,
  getJob,
  type Job,
  type JobFilter,
  listJobs,
  OptimusError,
  parseJobName,
  parseNamespaceName,
  parseProjectName,
  saveJob,
} from '@optimus/domain';
import { core } from '@optimus/proto';
import type { ApiDeps } from '../api-deps.ts';
import { toUnsupported } from '../call/bind-service.ts';
import type { ServiceHandlers } from '../call/call.ts';
import { fromRequiredJobSpecification } from '../mapping/job-spec-from-message.ts';
import { toJobSpecification } from '../mapping/job-spec-to-message.ts';
import { checkSpecifications, toProblemLines } from './check-specifications.ts';
import { deployNamespaces } from './deploy-namespaces.ts';

const { refreshJobs } = core.JobSpecificationService.method;

/** Handlers of `JobSpecificationService`. */
export function createJobSpecificationHandlers(
  deps: ApiDeps,
): ServiceHandlers<typeof core.JobSpecificationService> {
  return {
    deployJobSpecification: (requests, context) => deployNamespaces(deps, requests, context),

    async createJobSpecification({ projectName, namespaceName, spec }, { author }) {
      const job = fromRequiredJobSpecification(spec, 'spec');
      await saveJob(deps, { project: projectName, namespace: namespaceName, job, author });
      return { success: true, message: `job ${job.name} is deployed in namespace ${namespaceName}` };
    },

    async getJobSpecification({ projectName, namespaceName, jobName }) {
      const job = await getJob(deps, { project: projectName, namespace: namespaceName, job: jobName });
      return { spec: toJobSpecification(job.spec) };
    },

    async getJobSpecifications(request) {
      const jobs = await deps.jobs.list(toFilter(request));
      return { jobSpecificationResponses: jobs.map(toResponse) };
    },

    async deleteJobSpecification({ projectName, namespaceName, jobName }, { author }) {
      const address = { project: projectName, namespace: namespaceName, job: jobName };
      await deleteJob(deps, address, { author });
      return { success: true, message: `job ${jobName} is deleted` };
    },

    async listJobSpecification({ projectName, namespaceName }) {
      const jobs = await listJobs(deps, { project: projectName, namespace: namespaceName });
      return { jobs: jobs.map(({ spec }) => toJobSpecification(spec)) };
    },

    async checkJobSpecification({ projectName, namespaceName, job }) {
      if (!job) throw new OptimusError('REQUEST_INVALID', { message: 'job is missing' });
      const address = { project: projectName, namespace: namespaceName };
      const [refused] = await checkSpecifications(deps, address, [job]);
      if (refused) throw new OptimusError('SPEC_INVALID', { message: toProblemLines(refused) });
      return { success: true, message: `job ${job.name} is valid` };
    },

    async *checkJobSpecifications({ projectName, namespaceName, jobs }) {
      const address = { project: projectName, namespace: namespaceName };
      const refused = await checkSpecifications(deps, address, jobs);
      const byName = new Map(refused.map((job) => [job.name, job]));
      for (const { name } of jobs) {
        const problem = byName.get(name);
        const message = problem ? toProblemLines(problem) : `job ${name} is valid`;
        yield { success: problem === undefined, ack: false, message, jobName: name };
      }
      const success = refused.length === 0;
      yield { success, ack: true, message: toCheckSummary(jobs.length, refused.length) };
    },

    refreshJobs() {
      throw toUnsupported(refreshJobs, 'resolving dependencies anew is');
    },
  };
}

function toFilter(request: core.GetJobSpecificationsRequest): JobFilter {
  const { projectName, namespaceName, jobName, resourceDestination: destination } = request;
  return {
    ...(projectName === '' ? {} : { project: parseProjectName(projectName) }),
    ...(namespaceName === '' ? {} : { namespace: parseNamespaceName(namespaceName) }),
    ...(jobName === '' ? {} : { name: parseJobName(jobName) }),
    ...(destination === '' ? {} : { destination }),
  };
}

function toResponse({ project, namespace, spec }: Job) {
  return { projectName: project, namespaceName: namespace, job: toJobSpecification(spec) };
}

function toCheckSummary(count: number, refused: number): string {
  return refused === 0 ? `${count} jobs are valid` : `${refused} of ${count} jobs are not valid`;
}
