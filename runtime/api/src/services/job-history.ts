import {
  getJobVersion,
  type JobVersion,
  listJobVersions,
  rollbackJob,
  type VersionDeletion,
} from '@optimus/domain';
import type { core } from '@optimus/proto';
import type { ApiDeps } from '../api-deps.ts';
import type { ServiceHandlers } from '../call/call.ts';
import { toJobSpecification } from '../mapping/job-spec-to-message.ts';
import { toTimestamp } from '../mapping/time-mapping.ts';
import { toPageSize } from './page-size.ts';
import { fromIdToken } from './page-token.ts';

type Handlers = Pick<
  ServiceHandlers<typeof core.JobSpecificationService>,
  'getJobChangelog' | 'getJobVersion' | 'rollbackJob'
>;

/** The handlers that tell and turn back what became of a job. */
export function createJobHistoryHandlers(deps: ApiDeps): Handlers {
  return {
    async getJobChangelog({ projectName, jobName, pageSize, pageToken }) {
      const page = {
        limit: toPageSize(pageSize),
        ...(pageToken !== '' && { before: Number(fromIdToken(pageToken)) }),
      };
      const address = { project: projectName, job: jobName };
      const { versions, hasMore } = await listJobVersions(deps, address, page);
      const history = versions.map(({ changes, ...version }) => ({
        ...toVersion(version),
        changes: changes.map(({ path, before = '', after = '' }) => ({ attributeName: path, before, after })),
      }));
      return { history, nextPageToken: hasMore ? `${versions.at(-1)?.number}` : '' };
    },

    async getJobVersion({ projectName, jobName, number }) {
      const { job, version } = await getJobVersion(deps, { project: projectName, job: jobName, number });
      return {
        namespaceName: job.namespace,
        spec: toJobSpecification(job.spec),
        version: toVersion(version),
      };
    },

    async rollbackJob({ projectName, jobName, number: wanted }, { author }) {
      const number = await rollbackJob(deps, {
        project: projectName,
        job: jobName,
        number: wanted,
        author,
      });
      return { number, message: `job ${jobName} is version ${wanted} again, stored as version ${number}` };
    },
  };
}

function toVersion({ number, author, createdAt, contentHash, isDeployed, deletions }: JobVersion) {
  return {
    number,
    author,
    time: toTimestamp(createdAt),
    contentHash,
    isDeployed,
    deletions: deletions.map(toDeletion),
  };
}

function toDeletion({ deletedAt, deletedBy, restoredAt, restoredBy = '' }: VersionDeletion) {
  const restored = restoredAt && { restoredAt: toTimestamp(restoredAt), restoredBy };
  return { deletedAt: toTimestamp(deletedAt), deletedBy, ...restored };
}
