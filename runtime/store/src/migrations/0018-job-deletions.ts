import type { Migration } from '../migration/migration.ts';

/** Who deleted a job, when, and who deployed it again: the row of a job only tells whether it is deleted now. */
export const jobDeletions: Migration = {
  number: 18,
  name: 'job_deletions',
  isBreaking: false,
  sql: `
CREATE TABLE job_deletion (
  version_id bigint NOT NULL REFERENCES job_version ON DELETE CASCADE,
  job_id bigint NOT NULL REFERENCES job ON DELETE CASCADE,
  deleted_at timestamptz NOT NULL,
  deleted_by text NOT NULL,
  restored_at timestamptz,
  restored_by text,
  PRIMARY KEY (version_id, deleted_at)
);
CREATE INDEX job_deletion_job ON job_deletion (job_id);
INSERT INTO job_deletion (version_id, job_id, deleted_at, deleted_by)
SELECT version_id, id, deleted_at, '' FROM job WHERE deleted_at IS NOT NULL AND version_id IS NOT NULL;
`,
};
