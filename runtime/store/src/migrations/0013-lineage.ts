import type { Migration } from '../migration/migration.ts';

/**
 * What the columns that jobs write are computed from. A version waits in `lineage_queue` from the moment it is stored, so that nothing
 * is forgotten whoever dies; equal inputs share one row of `lineage`, so that nothing is analysed twice.
 */
export const lineage: Migration = {
  number: 13,
  name: 'lineage',
  isBreaking: false,
  sql: `
-- By the SHA-256 of all that it was computed from.
CREATE TABLE lineage (
  input_hash bytea PRIMARY KEY,
  content jsonb NOT NULL
);

CREATE TABLE job_version_lineage (
  version_id bigint PRIMARY KEY REFERENCES job_version,
  input_hash bytea NOT NULL REFERENCES lineage,
  computed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX job_version_lineage_input ON job_version_lineage (input_hash);

-- Empty while there is nothing to do. The mark grows with each reason: what is recorded under an older one leaves the row.
CREATE TABLE lineage_queue (
  version_id bigint PRIMARY KEY REFERENCES job_version,
  mark bigint NOT NULL DEFAULT 1,
  holder text,
  claimed_until timestamptz
);
INSERT INTO lineage_queue (version_id) SELECT version_id FROM job WHERE deleted_at IS NULL AND version_id IS NOT NULL;
`,
};
