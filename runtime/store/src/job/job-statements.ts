import type { Statement } from '../database/database.ts';

/** $1 project, $2 job. One row while the job is deployed. */
export const FIND_DIGEST: Statement = {
  name: 'job_find_digest',
  text: `
    SELECT job.name, namespace.name AS namespace, job_version.content_hash, job_schedule.last_scheduled_at
    FROM project JOIN job ON job.project_id = project.id JOIN namespace ON namespace.id = job.namespace_id
    JOIN job_version ON job_version.id = job.version_id LEFT JOIN job_schedule ON job_schedule.job_id = job.id
    WHERE project.name = $1 AND job.name = $2 AND job.deleted_at IS NULL`,
};
