import { OptimusError } from '../error/optimus-error.ts';
import { parseJobKey, toJobNotFound } from '../job/get-job.ts';
import type { JobKey } from '../job/job.ts';
import type { JobStore } from '../ports/job-store.ts';
import type { LineageStore, VersionLineage } from '../ports/lineage-store.ts';
import type { ProjectStore } from '../ports/project-store.ts';

/** What reading lineage needs of the world. */
export interface ReadLineageDeps {
  readonly projects: ProjectStore;
  readonly jobs: JobStore;
  readonly lineages: LineageStore;
}

/** A job, at its deployed version or another one. */
export interface ReadLineageRequest {
  readonly project: string;
  readonly job: string;
  readonly versionNumber?: number;
}

/** The column lineage of one version of a job. */
export interface ReadLineage extends VersionLineage {
  readonly key: JobKey;
}

/** What the columns that a job writes are computed from, as far as it has been computed. @throws OptimusError `JOB_NOT_FOUND`, `PROJECT_NOT_FOUND` */
export async function readJobLineage(
  deps: ReadLineageDeps,
  request: ReadLineageRequest,
): Promise<ReadLineage> {
  const key = parseJobKey(request);
  const { versionNumber } = request;
  const found = await deps.lineages.find(key, versionNumber);
  if (found) return { key, ...found };
  const isKnown = (await deps.lineages.find(key)) !== undefined;
  if (!isKnown || versionNumber === undefined) throw await toJobNotFound(deps, request);
  throw new OptimusError('JOB_NOT_FOUND', {
    message: `job "${key.job}" has no version ${versionNumber}`,
    hint: `see its versions with: optimus job history ${key.job}`,
    fields: { project: key.project, job: key.job },
  });
}
