import { present } from '../error/invariant.ts';
import { OptimusError } from '../error/optimus-error.ts';
import type { JobIndex, JobVersion, VersionPage } from '../ports/job-index.ts';
import type { JobStore } from '../ports/job-store.ts';
import type { ProjectStore } from '../ports/project-store.ts';
import { changeJobs } from './change-jobs.ts';
import type { DeployDeps } from './check-jobs.ts';
import { toRefusal } from './deploy-jobs.ts';
import { diffSpecs, type FieldChange } from './diff-specs.ts';
import { getJob, parseJobKey } from './get-job.ts';
import type { Job } from './job.ts';

/** What reading versions needs of the world. */
export interface VersionDeps {
  readonly projects: ProjectStore;
  readonly jobs: JobStore;
  readonly index: JobIndex;
}

/** A job by its names. */
interface VersionedJob {
  readonly project: string;
  readonly job: string;
}

/** A version and what it changed of the one before; nothing for the first. */
export interface ChangedVersion extends JobVersion {
  readonly changes: readonly FieldChange[];
}

/** Some versions of a job, and whether there are older ones. */
export interface VersionHistory {
  readonly versions: readonly ChangedVersion[];
  readonly hasMore: boolean;
}

/** The versions of a job, deployed or deleted, the newest first. @throws OptimusError `JOB_NOT_FOUND`, `PROJECT_NOT_FOUND` */
export async function listJobVersions(
  deps: VersionDeps,
  address: VersionedJob,
  { limit, before }: VersionPage & { readonly limit: number },
): Promise<VersionHistory> {
  // One more: the last of the page is told by what it changed of it.
  const page = { limit: limit + 1, ...(before !== undefined && { before }) };
  const listed = await listKnownVersions(deps, address, page);
  const changed: ChangedVersion[] = [];
  let older: Job | undefined;
  for (const version of listed.toReversed()) {
    const job = present(await deps.jobs.findVersion(version.versionId), 'a listed version');
    changed.push({ ...version, changes: older ? diffSpecs(older.spec, job.spec) : [] });
    older = job;
  }
  return { versions: changed.toReversed().slice(0, limit), hasMore: listed.length > limit };
}

/** A job at one of its versions. @throws OptimusError `JOB_NOT_FOUND` with the versions that there are */
export async function getJobVersion(
  deps: VersionDeps,
  { number, ...address }: VersionedJob & { readonly number: number },
): Promise<{ readonly job: Job; readonly version: JobVersion }> {
  const versions = await listKnownVersions(deps, address);
  const version = versions.find((one) => one.number === number);
  if (!version) {
    throw new OptimusError('JOB_NOT_FOUND', {
      message: `job "${address.job}" has no version ${number}, its newest is ${versions[0]?.number ?? 0}`,
      hint: `see its versions with: optimus job history ${address.job}`,
      fields: { project: address.project, job: address.job },
    });
  }
  return { job: present(await deps.jobs.findVersion(version.versionId), 'a listed version'), version };
}

/**
 * Stores a version of a job anew as its newest, and deploys a deleted job again. It is checked like any change: what was good then
 * may not be now. Answers the number of the deployed version.
 * @throws OptimusError `JOB_NOT_FOUND`, `SPEC_INVALID`
 */
export async function rollbackJob(
  deps: VersionDeps & DeployDeps,
  request: VersionedJob & { readonly number: number; readonly author: string },
): Promise<number> {
  const { job } = await getJobVersion(deps, request);
  const { refused } = await changeJobs(deps, {
    project: job.project,
    upserts: [{ namespace: job.namespace, spec: job.spec }],
    deletes: [],
    author: request.author,
  });
  if (refused.length > 0) throw toRefusal(refused);
  return (await getJob(deps, request)).versionNumber;
}

async function listKnownVersions(
  deps: VersionDeps,
  address: VersionedJob,
  page: VersionPage = {},
): Promise<readonly JobVersion[]> {
  const versions = await deps.index.listVersions(parseJobKey(address), page);
  // A job that never was is told with the nearest name.
  if (versions.length === 0 && page.before === undefined) await getJob(deps, address);
  return versions;
}
