import type { Migration } from '../migration/migration.ts';

/**
 * The tables of the walking skeleton, laid out for ten thousand jobs and ten million runs: versions of specifications are
 * immutable and their assets stored once by content, the schedule's cursor is a narrow row of its own, and the partial indexes
 * on runs and attempts hold only what is still moving, so they stay small as history grows.
 */
export const foundation: Migration = {
  number: 1,
  name: 'foundation',
  isBreaking: true,
  sql: `
CREATE TABLE project (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text COLLATE "C" NOT NULL UNIQUE,
  config jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE namespace (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id bigint NOT NULL REFERENCES project,
  name text COLLATE "C" NOT NULL,
  config jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (project_id, name)
);

-- The ciphertext carries its format, the id of its key, the nonce and the tag.
CREATE TABLE secret (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id bigint NOT NULL REFERENCES project,
  namespace_id bigint REFERENCES namespace,
  name text COLLATE "C" NOT NULL,
  ciphertext bytea NOT NULL,
  digest text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
-- Two partial indexes: before PostgreSQL 15 a unique constraint takes two nulls for different.
CREATE UNIQUE INDEX secret_project_name ON secret (project_id, name) WHERE namespace_id IS NULL;
CREATE UNIQUE INDEX secret_namespace_name ON secret (project_id, namespace_id, name) WHERE namespace_id IS NOT NULL;

-- A deleted job keeps its row: its history stays, and a job deployed again under the name continues it.
CREATE TABLE job (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id bigint NOT NULL REFERENCES project,
  namespace_id bigint NOT NULL REFERENCES namespace,
  name text COLLATE "C" NOT NULL,
  version_id bigint,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  UNIQUE (project_id, name)
);
CREATE INDEX job_namespace ON job (namespace_id);

-- Immutable. The specification is stored without its assets.
CREATE TABLE job_version (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  job_id bigint NOT NULL REFERENCES job,
  number integer NOT NULL,
  content_hash text NOT NULL,
  spec jsonb NOT NULL,
  author text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (job_id, number)
);
ALTER TABLE job ADD FOREIGN KEY (version_id) REFERENCES job_version;

CREATE TABLE asset (
  hash bytea PRIMARY KEY,
  content bytea NOT NULL
);

CREATE TABLE job_version_asset (
  version_id bigint NOT NULL REFERENCES job_version,
  name text COLLATE "C" NOT NULL,
  asset_hash bytea NOT NULL REFERENCES asset,
  PRIMARY KEY (version_id, name)
);
CREATE INDEX job_version_asset_hash ON job_version_asset (asset_hash);

-- The cursor of a job's schedule.
CREATE TABLE job_schedule (
  job_id bigint PRIMARY KEY REFERENCES job,
  next_scheduled_at timestamptz,
  last_scheduled_at timestamptz
);
CREATE INDEX job_schedule_next ON job_schedule (next_scheduled_at) WHERE next_scheduled_at IS NOT NULL;

CREATE TABLE run (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  job_id bigint NOT NULL REFERENCES job,
  version_id bigint NOT NULL REFERENCES job_version,
  namespace_id bigint NOT NULL REFERENCES namespace,
  scheduled_at timestamptz NOT NULL,
  window_start timestamptz NOT NULL,
  window_end timestamptz NOT NULL,
  execution_time timestamptz NOT NULL DEFAULT now(),
  priority integer NOT NULL,
  state text NOT NULL
    CHECK (state IN ('wait_upstream', 'queued', 'running', 'up_for_retry', 'success', 'failed', 'canceled')),
  ready_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  finished_at timestamptz,
  message text NOT NULL DEFAULT '',
  UNIQUE (job_id, scheduled_at)
);
CREATE INDEX run_claim ON run (priority DESC, ready_at, id) WHERE state IN ('queued', 'up_for_retry');
CREATE INDEX run_ready ON run (ready_at) WHERE state IN ('queued', 'up_for_retry');
CREATE INDEX run_unfinished ON run (job_id) WHERE state NOT IN ('success', 'failed', 'canceled');

CREATE TABLE run_instance (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id bigint NOT NULL REFERENCES run,
  type text NOT NULL CHECK (type IN ('task', 'hook')),
  name text COLLATE "C" NOT NULL,
  -- The order of instances within their run.
  position smallint NOT NULL,
  state text NOT NULL
    CHECK (state IN ('pending', 'running', 'up_for_retry', 'success', 'failed', 'skipped', 'canceled')),
  attempt_count integer NOT NULL DEFAULT 0,
  UNIQUE (run_id, type, name)
);

-- The lease is in no index: renewing it every few seconds then rewrites one row and nothing else.
CREATE TABLE attempt (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  instance_id bigint NOT NULL REFERENCES run_instance,
  number integer NOT NULL,
  state text NOT NULL CHECK (state IN ('starting', 'running', 'success', 'failed', 'lost', 'canceled')),
  fence bigint NOT NULL DEFAULT 1,
  host_id text NOT NULL,
  server_id text NOT NULL,
  lease_expires_at timestamptz NOT NULL,
  handle jsonb,
  exit_code integer,
  message text NOT NULL DEFAULT '',
  started_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  UNIQUE (instance_id, number)
) WITH (fillfactor = 80);
CREATE INDEX attempt_live ON attempt (host_id) WHERE state IN ('starting', 'running');

-- One row for each change of a run's or an attempt's state, written by the transaction that made the change.
CREATE TABLE run_event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id bigint NOT NULL REFERENCES run,
  attempt_id bigint REFERENCES attempt,
  state text NOT NULL,
  message text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX run_event_run ON run_event (run_id, id);

CREATE TABLE lease (
  name text COLLATE "C" PRIMARY KEY,
  holder text NOT NULL,
  expires_at timestamptz NOT NULL
);
`,
};
