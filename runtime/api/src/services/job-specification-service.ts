import {
  deleteJob,
  getJob,
  getNamespace,
  getProject,
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
import { toWarningMessage } from '../mapping/job-warning-to-message.ts';
import { checkSpecifications, listWarnings, toProblemLines } from './check-specifications.ts';
import { deployNamespaces } from './deploy-namespaces.ts';
import { answerInspectedJob } from './inspect-job.ts';
import { createJobHistoryHandlers } from './job-history.ts';
import { createJobStateHandlers } from './job-states.ts';
import { refreshAll } from './refresh-jobs.ts';
import { createSaveJobsHandlers } from './save-jobs.ts';
import { answerValidation } from './validate-job.ts';

const { deleteJobSpecification } = core.JobSpecificationService.method;

type Handlers = ServiceHandlers<typeof core.JobSpecificationService>;

/** Handlers of `JobSpecificationService`. */
export function createJobSpecificationHandlers(deps: ApiDeps): Handlers {
  return {
    ...createReadingHandlers(deps),
    ...createCheckHandlers(deps),
    ...createSaveJobsHandlers(deps),
    ...createJobHistoryHandlers(deps),
    ...createJobStateHandlers(deps),

    deployJobSpecification: (requests, context) => deployNamespaces(deps, requests, context),

    refreshJobs: (request, context) => refreshAll(deps, request, context),

    async createJobSpecification({ projectName, namespaceName, spec }, { author }) {
      const job = fromRequiredJobSpecification(spec, 'spec');
      await saveJob(deps, { project: projectName, namespace: namespaceName, job, author });
      return { success: true, message: `job ${job.name} is deployed in namespace ${namespaceName}` };
    },

    async deleteJobSpecification({ projectName, namespaceName, jobName, cleanHistory, force }, { author }) {
      if (cleanHistory) throw toUnsupported(deleteJobSpecification, 'erasing versions and runs of a job is');
      const address = { project: projectName, namespace: namespaceName, job: jobName };
      await deleteJob(deps, address, { author, isForced: force });
      return { success: true, message: `job ${jobName} is deleted` };
    },
  };
}

type Reading =
  | 'getJobSpecification'
  | 'getJobSpecifications'
  | 'listJobSpecification'
  | 'jobInspect'
  | 'getJobGraph';

function createReadingHandlers(deps: ApiDeps): Pick<Handlers, Reading> {
  return {
    async getJobSpecification({ projectName, namespaceName, jobName }) {
      const job = await getJob(deps, { project: projectName, namespace: namespaceName, job: jobName });
      return { spec: toJobSpecification(job.spec) };
    },

    async getJobSpecifications(request) {
      const jobs = await deps.jobs.list(toFilter(request));
      const { projectName, namespaceName } = request;
      // Only an empty list leaves the question whether its namespace is there.
      if (jobs.length === 0 && projectName !== '' && namespaceName !== '')
        await getNamespace(deps, projectName, namespaceName);
      return { jobSpecificationResponses: jobs.map((job) => toResponse(job, request)) };
    },

    async listJobSpecification({ projectName, namespaceName, ignoreAssets }) {
      const jobs = await listJobs(deps, { project: projectName, namespace: namespaceName });
      return { jobs: jobs.map((job) => toMessage(job, { ignoreAssets })) };
    },

    jobInspect: (request, context) => answerInspectedJob(deps, request, context),

    async getJobGraph({ projectName }) {
      const { name } = await getProject(deps, projectName);
      const { jobs, edges } = await deps.index.readProject(name);
      return {
        jobs: jobs.map((job) => ({
          namespaceName: job.namespace,
          jobName: job.name,
          labels: job.labels,
          lastRunState: job.lastRunState ?? '',
        })),
        edges: edges.map(({ job, upstream }) => ({ jobName: job, upstreamJobName: upstream })),
      };
    },
  };
}

type Checking = 'checkJobSpecification' | 'checkJobSpecifications' | 'validate';

function createCheckHandlers(deps: ApiDeps): Pick<Handlers, Checking> {
  return {
    validate: (request) => answerValidation(deps, request),

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
      const warnings = Map.groupBy(await listWarnings(deps, address, jobs), (warning) => warning.name);
      for (const { name } of jobs) {
        const problem = byName.get(name);
        const message = problem ? toProblemLines(problem) : `job ${name} is valid`;
        const own = (warnings.get(name) ?? []).map(toWarningMessage);
        yield { success: problem === undefined, ack: false, message, jobName: name, warnings: own };
      }
      const success = refused.length === 0;
      yield { success, ack: true, message: toCheckSummary(jobs.length, refused.length) };
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

interface AssetChoice {
  readonly ignoreAssets: boolean;
}

function toResponse(job: Job, choice: AssetChoice) {
  return { projectName: job.project, namespaceName: job.namespace, job: toMessage(job, choice) };
}

function toMessage({ spec }: Job, { ignoreAssets }: AssetChoice): core.JobSpecification {
  return toJobSpecification(ignoreAssets ? { ...spec, assets: {} } : spec);
}

function toCheckSummary(count: number, refused: number): string {
  return refused === 0 ? `${count} jobs are valid` : `${refused} of ${count} jobs are not valid`;
}
