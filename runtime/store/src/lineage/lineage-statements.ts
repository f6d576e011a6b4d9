import { toNotifySql } from '../change/change-notice.ts';
import type { Statement } from '../database/database.ts';

/** $1 holder, $2 limit, $3 ms. Takes versions that nobody else holds: deployed ones first, and by level, so that upstreams come before. */
export const CLAIM: Statement = {
  name: 'lineage_claim',
  text: `
    WITH wanted AS (
      SELECT queue.version_id FROM lineage_queue queue
      JOIN job_version ON job_version.id = queue.version_id JOIN job ON job.id = job_version.job_id
      WHERE queue.holder IS NULL OR queue.holder = $1 OR queue.claimed_until <= now()
      ORDER BY job.version_id IS DISTINCT FROM queue.version_id, job.level, queue.version_id
      LIMIT $2 FOR UPDATE OF queue SKIP LOCKED
    ), claimed AS (
      UPDATE lineage_queue SET holder = $1, claimed_until = now() + $3 * interval '1 ms'
      FROM wanted WHERE lineage_queue.version_id = wanted.version_id
      RETURNING lineage_queue.version_id, lineage_queue.mark
    )
    SELECT claimed.version_id, claimed.mark FROM claimed
    JOIN job_version ON job_version.id = claimed.version_id JOIN job ON job.id = job_version.job_id
    ORDER BY job.version_id IS DISTINCT FROM claimed.version_id, job.level, claimed.version_id`,
};

/** $1 holder. Ms until the first claim of another runs out; null when there is none. */
export const FIND_NEXT_CLAIM: Statement = {
  name: 'lineage_find_next_claim',
  text: `
    SELECT extract(epoch FROM min(claimed_until) - now())::float8 * 1000 AS ms
    FROM lineage_queue WHERE holder IS NOT NULL AND holder <> $1`,
};

/** $1 input hash (hex). */
export const FIND_BY_INPUT: Statement = {
  name: 'lineage_find_by_input',
  text: `SELECT content FROM lineage WHERE input_hash = decode($1, 'hex')`,
};

/** SQL: the newest version of a job whose lineage has been computed. The deployed one may be waiting still. */
const NEWEST_COMPUTED = (jobId: string): string => `
      SELECT lineage.content FROM job_version version
      JOIN job_version_lineage ON job_version_lineage.version_id = version.id
      JOIN lineage ON lineage.input_hash = job_version_lineage.input_hash
      WHERE version.job_id = ${jobId} ORDER BY version.number DESC LIMIT 1`;

/** $1 URNs. A row for each that a deployed job writes whole; of several jobs the one that was there first. */
export const FIND_COLUMNS: Statement = {
  name: 'lineage_find_columns',
  text: `
    SELECT DISTINCT ON (job.destination) job.destination AS urn,
      jsonb_path_query_array(newest.content, '$.columns[*].name') AS columns
    FROM job CROSS JOIN LATERAL (${NEWEST_COMPUTED('job.id')}
    ) newest
    WHERE job.destination = ANY($1::text[]) AND job.deleted_at IS NULL AND (newest.content ->> 'isComplete')::boolean
    ORDER BY job.destination, job.id`,
};

/** First key of the advisory locks under which lineage of one job is recorded; any number that nothing else uses. */
const RECORD_LOCK = 7_136_402;

/** $1 version. Its job; those who record lineage of one job take turns, and no deployment waits for them. */
export const LOCK_JOB: Statement = {
  name: 'lineage_lock_job',
  text: `
    SELECT job_id, pg_advisory_xact_lock(${RECORD_LOCK}, (job_id % 2147483647)::integer)
    FROM job_version WHERE id = $1`,
};

/** $1 job. What those who read it go by. */
export const FIND_PUBLISHED: Statement = {
  name: 'lineage_find_published',
  text: `
    SELECT CASE WHEN (newest.content ->> 'isComplete')::boolean
      THEN jsonb_path_query_array(newest.content, '$.columns[*].name')::text END AS columns
    FROM (${NEWEST_COMPUTED('$1')}
    ) newest`,
};

/** $1 input hash (hex), $2 content. */
export const INSERT_LINEAGE: Statement = {
  name: 'lineage_insert',
  text: `INSERT INTO lineage (input_hash, content) VALUES (decode($1, 'hex'), $2) ON CONFLICT (input_hash) DO NOTHING`,
};

/** $1 version, $2 input hash (hex). */
export const POINT_VERSION: Statement = {
  name: 'lineage_point_version',
  text: `
    INSERT INTO job_version_lineage (version_id, input_hash) VALUES ($1, decode($2, 'hex'))
    ON CONFLICT (version_id) DO UPDATE SET input_hash = excluded.input_hash, computed_at = now()`,
};

/** $1 version. What it was computed from before. */
export const FIND_INPUT: Statement = {
  name: 'lineage_find_input',
  text: `SELECT encode(input_hash, 'hex') AS hash FROM job_version_lineage WHERE version_id = $1`,
};

/** $1 input hash (hex). Lineage that no version has any more. */
export const DELETE_UNUSED: Statement = {
  name: 'lineage_delete_unused',
  text: `
    DELETE FROM lineage WHERE input_hash = decode($1, 'hex')
      AND NOT EXISTS (SELECT FROM job_version_lineage used WHERE used.input_hash = lineage.input_hash)`,
};

/** $1 version, $2 mark. Nothing more to do for it, unless there has been a reason since it was claimed. */
export const FINISH: Statement = {
  name: 'lineage_finish',
  text: 'DELETE FROM lineage_queue WHERE version_id = $1 AND mark = $2',
};

/** $1 version. Whoever comes first may take it again. */
export const RELEASE: Statement = {
  name: 'lineage_release',
  text: 'UPDATE lineage_queue SET holder = NULL, claimed_until = NULL WHERE version_id = $1',
};

/** SQL: what is queued already gets another reason, for somebody may be computing it from what was true before. */
export const QUEUE_AGAIN = 'ON CONFLICT (version_id) DO UPDATE SET mark = lineage_queue.mark + 1';

/** $1 job. Those that read what it writes are to be computed anew. */
export const QUEUE_READERS: Statement = {
  name: 'lineage_queue_readers',
  text: `
    INSERT INTO lineage_queue (version_id)
    SELECT DISTINCT job.version_id FROM job_dependency JOIN job ON job.id = job_dependency.job_id
    WHERE job_dependency.upstream_job_id = $1 AND job_dependency.kind = 'inferred' AND job.deleted_at IS NULL
    ORDER BY job.version_id
    ${QUEUE_AGAIN}
    RETURNING version_id`,
};

/** $1 id of the notice. */
export const ANNOUNCE: Statement = {
  name: 'lineage_announce',
  text: `SELECT ${toNotifySql('lineage_changed', '$1::text')}`,
};

/** $1 project, $2 job, $3 number or null for the deployed version. */
export const FIND_VERSION_LINEAGE: Statement = {
  name: 'lineage_find_version',
  text: `
    SELECT job_version.number, job.destination, lineage.content, job_version_lineage.computed_at,
      lineage_queue.version_id IS NOT NULL AS is_pending
    FROM project JOIN job ON job.project_id = project.id AND job.name = $2
    JOIN job_version ON job_version.job_id = job.id
    LEFT JOIN job_version_lineage ON job_version_lineage.version_id = job_version.id
    LEFT JOIN lineage ON lineage.input_hash = job_version_lineage.input_hash
    LEFT JOIN lineage_queue ON lineage_queue.version_id = job_version.id
    WHERE project.name = $1
      AND CASE WHEN $3::integer IS NULL THEN job.deleted_at IS NULL AND job_version.id = job.version_id
        ELSE job_version.number = $3 END`,
};

/** $1 projects, $2 jobs of them at the same places. */
export const LIST_LINEAGES: Statement = {
  name: 'lineage_list',
  text: `
    SELECT project.name AS project, job.name AS job, job.destination, newest.content
    FROM unnest($1::text[], $2::text[]) AS wanted (project, job)
    JOIN project ON project.name = wanted.project
    JOIN job ON job.project_id = project.id AND job.name = wanted.job AND job.deleted_at IS NULL
    LEFT JOIN LATERAL (${NEWEST_COMPUTED('job.id')}
    ) newest ON true`,
};
