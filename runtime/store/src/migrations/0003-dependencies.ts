import type { Migration } from '../migration/migration.ts';

/**
 * What jobs write and read, and whom they wait for. An edge is kept whether its producer is known or not: `upstream_job_id` is
 * filled in when the producer appears and emptied when it goes, by an update of the edges that name it and of no others.
 */
export const dependencies: Migration = {
  number: 3,
  name: 'dependencies',
  isBreaking: false,
  sql: `
-- Grows by one with each change of the project's jobs: equal revisions, equal jobs.
ALTER TABLE project ADD COLUMN job_revision bigint NOT NULL DEFAULT 0;

-- The URN of what the deployed version writes, and the longest way to the job from one without upstreams.
ALTER TABLE job ADD COLUMN destination text COLLATE "C";
ALTER TABLE job ADD COLUMN level integer NOT NULL DEFAULT 0;
CREATE INDEX job_destination ON job (destination) WHERE destination IS NOT NULL AND deleted_at IS NULL;

-- One row for each reason to wait: an upstream that the author named (project and job), or a resource that the job reads (urn).
CREATE TABLE job_dependency (
  job_id bigint NOT NULL REFERENCES job,
  kind text NOT NULL CHECK (kind IN ('static', 'inferred')),
  upstream_project text COLLATE "C" NOT NULL DEFAULT '',
  upstream_job text COLLATE "C" NOT NULL DEFAULT '',
  urn text COLLATE "C" NOT NULL DEFAULT '',
  -- Null while nobody is known to write it, or the named job is not deployed.
  upstream_job_id bigint REFERENCES job,
  -- The job of another Optimus server that writes it: its manager, project and name.
  external jsonb,
  PRIMARY KEY (job_id, kind, upstream_project, upstream_job, urn)
);
CREATE INDEX job_dependency_upstream ON job_dependency (upstream_job_id) WHERE upstream_job_id IS NOT NULL;
CREATE INDEX job_dependency_urn ON job_dependency (urn) WHERE kind = 'inferred';
CREATE INDEX job_dependency_named ON job_dependency (upstream_project, upstream_job) WHERE kind = 'static';
`,
};
