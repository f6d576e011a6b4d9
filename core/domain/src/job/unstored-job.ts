import type { Namespace } from '../namespace/namespace.ts';
import type { Project } from '../project/project.ts';
import type { Job } from './job.ts';
import type { JobSpec } from './job-spec.ts';

/** A specification in its place, as a job that no server has stored. */
export function toUnstoredJob(
  {
    project,
    namespace,
    spec,
  }: { readonly project: Project; readonly namespace: Namespace; readonly spec: JobSpec },
  { updatedAt, contentHash }: Pick<Job, 'updatedAt' | 'contentHash'>,
): Job {
  return {
    id: '',
    project: project.name,
    namespace: namespace.name,
    spec,
    versionId: '',
    versionNumber: 0,
    contentHash,
    updatedAt,
  };
}
