-- What all migrations together make. Written by scripts/schema.ts; do not edit.

CREATE TABLE asset (
  hash bytea NOT NULL,
  content bytea NOT NULL,
  CONSTRAINT asset_pkey PRIMARY KEY (hash)
);

CREATE TABLE attempt (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  instance_id bigint NOT NULL,
  number integer NOT NULL,
  state text NOT NULL,
  fence bigint NOT NULL DEFAULT 1,
  host_id text NOT NULL,
  server_id text NOT NULL,
  lease_expires_at timestamp with time zone NOT NULL,
  handle jsonb,
  exit_code integer,
  message text NOT NULL DEFAULT ''::text,
  started_at timestamp with time zone NOT NULL DEFAULT now(),
  finished_at timestamp with time zone,
  deadline_at timestamp with time zone,
  outcome text,
  error_code text,
  CONSTRAINT attempt_instance_id_number_key UNIQUE (instance_id, number),
  CONSTRAINT attempt_pkey PRIMARY KEY (id),
  CONSTRAINT attempt_instance_id_fkey FOREIGN KEY (instance_id) REFERENCES run_instance(id) ON DELETE CASCADE,
  CONSTRAINT attempt_state_check CHECK ((state = ANY (ARRAY['starting'::text, 'running'::text, 'success'::text, 'failed'::text, 'lost'::text, 'canceled'::text])))
) WITH (fillfactor=80, autovacuum_vacuum_scale_factor=0.02, autovacuum_analyze_scale_factor=0.02);
CREATE INDEX attempt_live ON attempt USING btree (host_id) WHERE (state = ANY (ARRAY['starting'::text, 'running'::text]));

CREATE TABLE database_identity (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  is_this boolean NOT NULL DEFAULT true,
  CONSTRAINT database_identity_pkey PRIMARY KEY (is_this),
  CONSTRAINT database_identity_is_this_check CHECK (is_this)
);

CREATE TABLE job (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  project_id bigint NOT NULL,
  namespace_id bigint NOT NULL,
  name text COLLATE "C" NOT NULL,
  version_id bigint,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  deleted_at timestamp with time zone,
  destination text COLLATE "C",
  level integer NOT NULL DEFAULT 0,
  CONSTRAINT job_project_id_name_key UNIQUE (project_id, name),
  CONSTRAINT job_pkey PRIMARY KEY (id),
  CONSTRAINT job_namespace_id_fkey FOREIGN KEY (namespace_id) REFERENCES namespace(id),
  CONSTRAINT job_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id),
  CONSTRAINT job_version_id_fkey FOREIGN KEY (version_id) REFERENCES job_version(id)
);
CREATE INDEX job_destination ON job USING btree (destination) WHERE ((destination IS NOT NULL) AND (deleted_at IS NULL));
CREATE INDEX job_namespace ON job USING btree (namespace_id);

CREATE TABLE job_deletion (
  version_id bigint NOT NULL,
  job_id bigint NOT NULL,
  deleted_at timestamp with time zone NOT NULL,
  deleted_by text NOT NULL,
  restored_at timestamp with time zone,
  restored_by text,
  CONSTRAINT job_deletion_pkey PRIMARY KEY (version_id, deleted_at),
  CONSTRAINT job_deletion_job_id_fkey FOREIGN KEY (job_id) REFERENCES job(id) ON DELETE CASCADE,
  CONSTRAINT job_deletion_version_id_fkey FOREIGN KEY (version_id) REFERENCES job_version(id) ON DELETE CASCADE
);
CREATE INDEX job_deletion_job ON job_deletion USING btree (job_id);

CREATE TABLE job_dependency (
  job_id bigint NOT NULL,
  kind text NOT NULL,
  upstream_project text COLLATE "C" NOT NULL DEFAULT ''::text,
  upstream_job text COLLATE "C" NOT NULL DEFAULT ''::text,
  urn text COLLATE "C" NOT NULL DEFAULT ''::text,
  upstream_job_id bigint,
  external jsonb,
  CONSTRAINT job_dependency_pkey PRIMARY KEY (job_id, kind, upstream_project, upstream_job, urn),
  CONSTRAINT job_dependency_job_id_fkey FOREIGN KEY (job_id) REFERENCES job(id),
  CONSTRAINT job_dependency_upstream_job_id_fkey FOREIGN KEY (upstream_job_id) REFERENCES job(id),
  CONSTRAINT job_dependency_kind_check CHECK ((kind = ANY (ARRAY['static'::text, 'inferred'::text])))
);
CREATE INDEX job_dependency_named ON job_dependency USING btree (upstream_project, upstream_job) WHERE (kind = 'static'::text);
CREATE INDEX job_dependency_upstream ON job_dependency USING btree (upstream_job_id) WHERE (upstream_job_id IS NOT NULL);
CREATE INDEX job_dependency_urn ON job_dependency USING btree (urn) WHERE (kind = 'inferred'::text);
CREATE INDEX job_dependency_wildcard ON job_dependency USING btree (urn) WHERE ((kind = 'inferred'::text) AND ("right"(urn, 1) = '*'::text));

CREATE TABLE job_retention (
  job_id bigint NOT NULL,
  removed_until timestamp with time zone NOT NULL,
  removed_runs bigint NOT NULL,
  CONSTRAINT job_retention_pkey PRIMARY KEY (job_id),
  CONSTRAINT job_retention_job_id_fkey FOREIGN KEY (job_id) REFERENCES job(id)
);

CREATE TABLE job_schedule (
  job_id bigint NOT NULL,
  next_scheduled_at timestamp with time zone,
  last_scheduled_at timestamp with time zone,
  is_paused boolean NOT NULL DEFAULT false,
  CONSTRAINT job_schedule_pkey PRIMARY KEY (job_id),
  CONSTRAINT job_schedule_job_id_fkey FOREIGN KEY (job_id) REFERENCES job(id)
);
CREATE INDEX job_schedule_next ON job_schedule USING btree (next_scheduled_at) WHERE ((next_scheduled_at IS NOT NULL) AND (NOT is_paused));

CREATE TABLE job_version (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  job_id bigint NOT NULL,
  number integer NOT NULL,
  content_hash text NOT NULL,
  spec jsonb NOT NULL,
  author text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  instances jsonb,
  CONSTRAINT job_version_job_id_number_key UNIQUE (job_id, number),
  CONSTRAINT job_version_pkey PRIMARY KEY (id),
  CONSTRAINT job_version_job_id_fkey FOREIGN KEY (job_id) REFERENCES job(id)
);

CREATE TABLE job_version_asset (
  version_id bigint NOT NULL,
  name text COLLATE "C" NOT NULL,
  asset_hash bytea NOT NULL,
  CONSTRAINT job_version_asset_pkey PRIMARY KEY (version_id, name),
  CONSTRAINT job_version_asset_asset_hash_fkey FOREIGN KEY (asset_hash) REFERENCES asset(hash),
  CONSTRAINT job_version_asset_version_id_fkey FOREIGN KEY (version_id) REFERENCES job_version(id)
);
CREATE INDEX job_version_asset_hash ON job_version_asset USING btree (asset_hash);

CREATE TABLE job_version_lineage (
  version_id bigint NOT NULL,
  input_hash bytea NOT NULL,
  computed_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT job_version_lineage_pkey PRIMARY KEY (version_id),
  CONSTRAINT job_version_lineage_input_hash_fkey FOREIGN KEY (input_hash) REFERENCES lineage(input_hash),
  CONSTRAINT job_version_lineage_version_id_fkey FOREIGN KEY (version_id) REFERENCES job_version(id)
);
CREATE INDEX job_version_lineage_input ON job_version_lineage USING btree (input_hash);

CREATE TABLE lease (
  name text COLLATE "C" NOT NULL,
  holder text NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  CONSTRAINT lease_pkey PRIMARY KEY (name)
);

CREATE TABLE lineage (
  input_hash bytea NOT NULL,
  content jsonb NOT NULL,
  CONSTRAINT lineage_pkey PRIMARY KEY (input_hash)
);

CREATE TABLE lineage_queue (
  version_id bigint NOT NULL,
  mark bigint NOT NULL DEFAULT 1,
  holder text,
  claimed_until timestamp with time zone,
  CONSTRAINT lineage_queue_pkey PRIMARY KEY (version_id),
  CONSTRAINT lineage_queue_version_id_fkey FOREIGN KEY (version_id) REFERENCES job_version(id)
);

CREATE TABLE namespace (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  project_id bigint NOT NULL,
  name text COLLATE "C" NOT NULL,
  config jsonb NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT namespace_project_id_name_key UNIQUE (project_id, name),
  CONSTRAINT namespace_pkey PRIMARY KEY (id),
  CONSTRAINT namespace_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id)
);

CREATE TABLE project (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  name text COLLATE "C" NOT NULL,
  config jsonb NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  job_revision bigint NOT NULL DEFAULT 0,
  presets jsonb NOT NULL DEFAULT '{}'::jsonb,
  CONSTRAINT project_name_key UNIQUE (name),
  CONSTRAINT project_pkey PRIMARY KEY (id)
);

CREATE TABLE run (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  job_id bigint NOT NULL,
  version_id bigint NOT NULL,
  namespace_id bigint NOT NULL,
  scheduled_at timestamp with time zone NOT NULL,
  window_start timestamp with time zone NOT NULL,
  window_end timestamp with time zone NOT NULL,
  execution_time timestamp with time zone NOT NULL DEFAULT now(),
  priority integer NOT NULL,
  state text NOT NULL,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  message text NOT NULL DEFAULT ''::text,
  window_location text NOT NULL DEFAULT ''::text,
  wait_count integer NOT NULL DEFAULT 0,
  deadline_at timestamp with time zone,
  is_held boolean NOT NULL DEFAULT false,
  CONSTRAINT run_job_id_scheduled_at_key UNIQUE (job_id, scheduled_at),
  CONSTRAINT run_pkey PRIMARY KEY (id),
  CONSTRAINT run_job_id_fkey FOREIGN KEY (job_id) REFERENCES job(id),
  CONSTRAINT run_namespace_id_fkey FOREIGN KEY (namespace_id) REFERENCES namespace(id),
  CONSTRAINT run_version_id_fkey FOREIGN KEY (version_id) REFERENCES job_version(id),
  CONSTRAINT run_held_check CHECK (((NOT is_held) OR (state = 'queued'::text))),
  CONSTRAINT run_state_check CHECK ((state = ANY (ARRAY['wait_upstream'::text, 'queued'::text, 'running'::text, 'up_for_retry'::text, 'success'::text, 'failed'::text, 'skipped'::text, 'canceled'::text])))
) WITH (autovacuum_vacuum_scale_factor=0.02, autovacuum_analyze_scale_factor=0.02);
CREATE INDEX run_active ON run USING btree (namespace_id, job_id) WHERE (state = ANY (ARRAY['running'::text, 'up_for_retry'::text]));
CREATE INDEX run_by_job ON run USING btree (job_id, state, scheduled_at);
CREATE INDEX run_by_namespace ON run USING btree (namespace_id, state, ((- id)));
CREATE INDEX run_deadline ON run USING btree (deadline_at) WHERE ((state = ANY (ARRAY['running'::text, 'up_for_retry'::text])) AND (deadline_at IS NOT NULL));
CREATE INDEX run_ended ON run USING btree (finished_at, id) WHERE (finished_at IS NOT NULL);
CREATE INDEX run_held ON run USING btree (job_id, scheduled_at) WHERE is_held;
CREATE INDEX run_under_way ON run USING btree (job_id) WHERE ((state = ANY (ARRAY['queued'::text, 'running'::text, 'up_for_retry'::text])) AND (NOT is_held));
CREATE INDEX run_unfinished ON run USING btree (job_id, scheduled_at) WHERE (state <> ALL (ARRAY['success'::text, 'failed'::text, 'skipped'::text, 'canceled'::text]));

CREATE TABLE run_event (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  run_id bigint NOT NULL,
  attempt_id bigint,
  state text NOT NULL,
  message text NOT NULL DEFAULT ''::text,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
  event jsonb,
  CONSTRAINT run_event_pkey PRIMARY KEY (id),
  CONSTRAINT run_event_run_id_fkey FOREIGN KEY (run_id) REFERENCES run(id) ON DELETE CASCADE
) WITH (autovacuum_vacuum_scale_factor=0.02, autovacuum_analyze_scale_factor=0.02);
CREATE INDEX run_event_run ON run_event USING btree (run_id, id);
CREATE INDEX run_event_transaction ON run_event USING btree (transaction_id, id);

CREATE TABLE run_instance (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  run_id bigint NOT NULL,
  type text NOT NULL,
  name text COLLATE "C" NOT NULL,
  position smallint NOT NULL,
  state text NOT NULL,
  attempt_count integer NOT NULL DEFAULT 0,
  role text NOT NULL,
  namespace_id bigint NOT NULL,
  priority integer NOT NULL,
  ready_at timestamp with time zone NOT NULL DEFAULT now(),
  message text NOT NULL DEFAULT ''::text,
  attempt_base integer NOT NULL DEFAULT 0,
  pool text COLLATE "C" NOT NULL DEFAULT ''::text,
  CONSTRAINT run_instance_run_id_type_name_key UNIQUE (run_id, type, name),
  CONSTRAINT run_instance_pkey PRIMARY KEY (id),
  CONSTRAINT run_instance_namespace_id_fkey FOREIGN KEY (namespace_id) REFERENCES namespace(id),
  CONSTRAINT run_instance_run_id_fkey FOREIGN KEY (run_id) REFERENCES run(id) ON DELETE CASCADE,
  CONSTRAINT run_instance_role_check CHECK ((role = ANY (ARRAY['pre'::text, 'task'::text, 'post'::text, 'fail'::text]))),
  CONSTRAINT run_instance_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'queued'::text, 'running'::text, 'up_for_retry'::text, 'success'::text, 'failed'::text, 'skipped'::text, 'canceled'::text]))),
  CONSTRAINT run_instance_type_check CHECK ((type = ANY (ARRAY['task'::text, 'hook'::text])))
) WITH (autovacuum_vacuum_scale_factor=0.02, autovacuum_analyze_scale_factor=0.02);
CREATE INDEX run_instance_claim ON run_instance USING btree (namespace_id, pool, priority DESC, ready_at, id) WHERE (state = ANY (ARRAY['queued'::text, 'up_for_retry'::text]));
CREATE INDEX run_instance_ready ON run_instance USING btree (ready_at) WHERE (state = ANY (ARRAY['queued'::text, 'up_for_retry'::text]));

CREATE TABLE run_probe (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  run_id bigint NOT NULL,
  kind text NOT NULL,
  name text COLLATE "C" NOT NULL,
  target text NOT NULL,
  tries integer NOT NULL DEFAULT 0,
  next_probe_at timestamp with time zone NOT NULL DEFAULT now(),
  outcome text NOT NULL DEFAULT ''::text,
  probed_at timestamp with time zone,
  CONSTRAINT run_probe_run_id_kind_name_key UNIQUE (run_id, kind, name),
  CONSTRAINT run_probe_pkey PRIMARY KEY (id),
  CONSTRAINT run_probe_run_id_fkey FOREIGN KEY (run_id) REFERENCES run(id) ON DELETE CASCADE
);
CREATE INDEX run_probe_next ON run_probe USING btree (next_probe_at);

CREATE TABLE run_wait (
  run_id bigint NOT NULL,
  upstream_job_id bigint NOT NULL,
  upstream_scheduled_at timestamp with time zone NOT NULL,
  CONSTRAINT run_wait_pkey PRIMARY KEY (run_id, upstream_job_id, upstream_scheduled_at),
  CONSTRAINT run_wait_run_id_fkey FOREIGN KEY (run_id) REFERENCES run(id) ON DELETE CASCADE,
  CONSTRAINT run_wait_upstream_job_id_fkey FOREIGN KEY (upstream_job_id) REFERENCES job(id)
);
CREATE INDEX run_wait_upstream ON run_wait USING btree (upstream_job_id, upstream_scheduled_at);

CREATE TABLE schema_migration (
  number integer NOT NULL,
  name text NOT NULL,
  checksum text NOT NULL,
  is_breaking boolean NOT NULL,
  applied_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT schema_migration_pkey PRIMARY KEY (number)
);

CREATE TABLE secret (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  project_id bigint NOT NULL,
  namespace_id bigint,
  name text COLLATE "C" NOT NULL,
  ciphertext bytea NOT NULL,
  digest text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT secret_pkey PRIMARY KEY (id),
  CONSTRAINT secret_namespace_id_fkey FOREIGN KEY (namespace_id) REFERENCES namespace(id),
  CONSTRAINT secret_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id)
);
CREATE UNIQUE INDEX secret_namespace_name ON secret USING btree (project_id, namespace_id, name) WHERE (namespace_id IS NOT NULL);
CREATE UNIQUE INDEX secret_project_name ON secret USING btree (project_id, name) WHERE (namespace_id IS NULL);
