import type { Migration } from '../migration/migration.ts';

/**
 * A run used to be claimed as a whole, which leaves no room for hooks that run side by side. From here on its instances are: each
 * says itself when it may start and how urgent it is, so the indexes that claiming reads hold waiting instances alone. What holds
 * a whole run back (upstreams, its job's pause or limit) is kept with the run, and its instances stay `pending` meanwhile.
 */
export const instances: Migration = {
  number: 5,
  name: 'instances',
  isBreaking: true,
  sql: `
-- The instances of the version's runs: type, name, role, position. Null: the task alone.
ALTER TABLE job_version ADD COLUMN instances jsonb;

-- Planning passes over the cursors of paused jobs.
ALTER TABLE job_schedule ADD COLUMN is_paused boolean NOT NULL DEFAULT false;
DROP INDEX job_schedule_next;
CREATE INDEX job_schedule_next ON job_schedule (next_scheduled_at) WHERE next_scheduled_at IS NOT NULL AND NOT is_paused;

ALTER TABLE run_instance
  ADD COLUMN role text NOT NULL DEFAULT 'task' CHECK (role IN ('pre', 'task', 'post', 'fail')),
  ADD COLUMN namespace_id bigint REFERENCES namespace,
  ADD COLUMN priority integer NOT NULL DEFAULT 0,
  ADD COLUMN ready_at timestamptz NOT NULL DEFAULT now(),
  -- Why it failed or is to be tried again.
  ADD COLUMN message text NOT NULL DEFAULT '',
  -- Attempts up to this number belong to an earlier execution and use up no try of this one.
  ADD COLUMN attempt_base integer NOT NULL DEFAULT 0,
  DROP CONSTRAINT run_instance_state_check,
  ADD CONSTRAINT run_instance_state_check
    CHECK (state IN ('pending', 'queued', 'running', 'up_for_retry', 'success', 'failed', 'skipped', 'canceled'));
UPDATE run_instance SET namespace_id = run.namespace_id, priority = run.priority, ready_at = run.ready_at,
  state = CASE WHEN run_instance.state = 'pending' AND run.state = 'queued' THEN 'queued' ELSE run_instance.state END
FROM run WHERE run.id = run_instance.run_id;
ALTER TABLE run_instance ALTER COLUMN namespace_id SET NOT NULL, ALTER COLUMN role DROP DEFAULT, ALTER COLUMN priority DROP DEFAULT;

DROP INDEX run_claim;
DROP INDEX run_ready;
ALTER TABLE run DROP COLUMN ready_at;
CREATE INDEX run_instance_claim ON run_instance (namespace_id, priority DESC, ready_at, id) WHERE state IN ('queued', 'up_for_retry');
CREATE INDEX run_instance_ready ON run_instance (ready_at) WHERE state IN ('queued', 'up_for_retry');

ALTER TABLE run
  -- How many rows of run_wait it has: it begins when there is none left.
  ADD COLUMN wait_count integer NOT NULL DEFAULT 0,
  -- By when it has to have ended, from its first claim on; null: whenever it does.
  ADD COLUMN deadline_at timestamptz;
CREATE INDEX run_active ON run (namespace_id, job_id) WHERE state IN ('running', 'up_for_retry');

-- A run that waits, and the tick of an upstream that it waits for. Gone when that has succeeded.
CREATE TABLE run_wait (
  run_id bigint NOT NULL REFERENCES run,
  upstream_job_id bigint NOT NULL REFERENCES job,
  upstream_scheduled_at timestamptz NOT NULL,
  PRIMARY KEY (run_id, upstream_job_id, upstream_scheduled_at)
);
CREATE INDEX run_wait_upstream ON run_wait (upstream_job_id, upstream_scheduled_at);

-- Its executor ends the attempt when this has passed.
ALTER TABLE attempt ADD COLUMN deadline_at timestamptz;
`,
};
