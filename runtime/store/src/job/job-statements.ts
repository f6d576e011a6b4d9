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

/** $1 project. A row for each deployed job whose window names a preset. */
export const LIST_PRESET_USES: Statement = {
  name: 'job_list_preset_uses',
  text: `
    SELECT job.name AS job, job_version.spec -> 'task' -> 'window' ->> 'preset' AS preset
    FROM project JOIN job ON job.project_id = project.id JOIN job_version ON job_version.id = job.version_id
    WHERE project.name = $1 AND job.deleted_at IS NULL AND job_version.spec -> 'task' -> 'window' ->> 'preset' <> ''
    ORDER BY job.name`,
};

/** $1 project. */
export const FIND_PROJECT: Statement = {
  name: 'job_find_project',
  text: 'SELECT id, job_revision FROM project WHERE name = $1',
};

/** $1 project id, $2 names or null for all. */
export const LIST_DIGESTS: Statement = {
  name: 'job_list_digests',
  text: `
    SELECT job.name, namespace.name AS namespace, job_version.content_hash, job_schedule.last_scheduled_at
    FROM job JOIN namespace ON namespace.id = job.namespace_id
    JOIN job_version ON job_version.id = job.version_id LEFT JOIN job_schedule ON job_schedule.job_id = job.id
    WHERE job.project_id = $1 AND job.deleted_at IS NULL AND ($2::text[] IS NULL OR job.name = ANY($2))
    ORDER BY job.name`,
};

/** SQL: a job at a version, without the specification. */
export const HEAD_COLUMNS = `job.id, project.name AS project, namespace.name AS namespace, job_version.id AS version_id,
      job_version.number, job_version.content_hash, job_version.created_at`;

/** $1 project, $2 job. One row while the job is deployed: its version without the specification. */
export const FIND_DEPLOYED: Statement = {
  name: 'job_find_deployed',
  text: `
    SELECT ${HEAD_COLUMNS}
    FROM project JOIN job ON job.project_id = project.id JOIN namespace ON namespace.id = job.namespace_id
    JOIN job_version ON job_version.id = job.version_id
    WHERE project.name = $1 AND job.name = $2 AND job.deleted_at IS NULL`,
};

/** $1 version. One row: the version without the specification. */
export const FIND_VERSION: Statement = {
  name: 'job_find_version',
  text: `
    SELECT ${HEAD_COLUMNS}
    FROM job_version JOIN job ON job.id = job_version.job_id JOIN project ON project.id = job.project_id
    JOIN namespace ON namespace.id = job.namespace_id
    WHERE job_version.id = $1`,
};
