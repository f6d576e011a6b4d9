import type { Statement } from '../database/database.ts';

/** $1 project, $2 job. A row for each version, the newest first. */
export const LIST_VERSIONS: Statement = {
  name: 'job_list_versions',
  text: `
    SELECT job_version.id, job_version.number, job_version.author, job_version.created_at, job_version.content_hash,
      job.deleted_at IS NULL AND job.version_id = job_version.id AS is_deployed,
      ARRAY(
        SELECT jsonb_build_object('deletedAt', deleted_at, 'deletedBy', deleted_by, 'restoredAt', restored_at, 'restoredBy', restored_by)
        FROM job_deletion WHERE version_id = job_version.id ORDER BY deleted_at DESC
      ) AS deletions
    FROM project JOIN job ON job.project_id = project.id JOIN job_version ON job_version.job_id = job.id
    WHERE project.name = $1 AND job.name = $2 AND ($3::bigint IS NULL OR job_version.number < $3)
    ORDER BY job_version.number DESC LIMIT $4`,
};

const EDGE_COLUMNS = `edge.job_id, project.name AS project, job.name AS job, edge.kind, edge.upstream_project, edge.upstream_job,
      edge.urn, edge.upstream_job_id, found_project.name AS found_project, found.name AS found_job,
      found.destination AS found_destination`;

const EDGE_ORDER = 'project.name, job.name, edge.kind, edge.upstream_project, edge.upstream_job, edge.urn';

/** $1 projects, $2 jobs of them at the same places. The edges by which the jobs wait. */
export const LIST_UPSTREAM_EDGES: Statement = {
  name: 'job_list_upstream_edges',
  text: `
    SELECT ${EDGE_COLUMNS}
    FROM unnest($1::text[], $2::text[]) AS wanted (project, job)
    JOIN project ON project.name = wanted.project
    JOIN job ON job.project_id = project.id AND job.name = wanted.job AND job.deleted_at IS NULL
    JOIN job_dependency edge ON edge.job_id = job.id
    LEFT JOIN job found ON found.id = edge.upstream_job_id
    LEFT JOIN project found_project ON found_project.id = found.project_id
    ORDER BY ${EDGE_ORDER}`,
};

/** $1 projects, $2 jobs of them at the same places. The edges by which others wait for the jobs. */
export const LIST_DOWNSTREAM_EDGES: Statement = {
  name: 'job_list_downstream_edges',
  text: `
    SELECT ${EDGE_COLUMNS}
    FROM unnest($1::text[], $2::text[]) AS wanted (project, job)
    JOIN project found_project ON found_project.name = wanted.project
    JOIN job found ON found.project_id = found_project.id AND found.name = wanted.job AND found.deleted_at IS NULL
    JOIN job_dependency edge ON edge.upstream_job_id = found.id
    JOIN job ON job.id = edge.job_id AND job.deleted_at IS NULL
    JOIN project ON project.id = job.project_id
    ORDER BY ${EDGE_ORDER}`,
};

/** $1 project. A row for each deployed job with the state of its newest run. */
export const LIST_INDEXED_JOBS: Statement = {
  name: 'job_list_indexed',
  text: `
    SELECT job.name, namespace.name AS namespace, job_version.spec -> 'labels' AS labels, newest.state
    FROM project JOIN job ON job.project_id = project.id AND job.deleted_at IS NULL
    JOIN namespace ON namespace.id = job.namespace_id JOIN job_version ON job_version.id = job.version_id
    LEFT JOIN LATERAL (
      SELECT state FROM run WHERE run.job_id = job.id ORDER BY scheduled_at DESC LIMIT 1
    ) newest ON true
    WHERE project.name = $1
    ORDER BY job.name`,
};

/** $1 project. A row for each pair of its deployed jobs of which one waits for the other. */
export const LIST_PROJECT_PAIRS: Statement = {
  name: 'job_list_project_pairs',
  text: `
    SELECT DISTINCT job.name AS job, upstream.name AS upstream
    FROM project JOIN job ON job.project_id = project.id AND job.deleted_at IS NULL
    JOIN job_dependency edge ON edge.job_id = job.id
    JOIN job upstream ON upstream.id = edge.upstream_job_id AND upstream.project_id = project.id
    WHERE project.name = $1
    ORDER BY job.name, upstream.name`,
};
