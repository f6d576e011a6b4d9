import type { Migration } from '../migration/migration.ts';

/**
 * Runs used to stay for ever. From here on old ones are removed: what belongs to a run goes with it, the oldest are found by an
 * index, and each job keeps up to where its history was removed. The two listings get an index each in which every page is one
 * stretch for each state, however long the history is. The reference of an event to its attempt had none, so that removing an
 * attempt read all events; an event goes with its run anyway.
 */
export const retention: Migration = {
  number: 9,
  name: 'retention',
  isBreaking: false,
  sql: `
ALTER TABLE run_event DROP CONSTRAINT run_event_attempt_id_fkey;
ALTER TABLE run_event DROP CONSTRAINT run_event_run_id_fkey,
  ADD CONSTRAINT run_event_run_id_fkey FOREIGN KEY (run_id) REFERENCES run ON DELETE CASCADE;
ALTER TABLE run_wait DROP CONSTRAINT run_wait_run_id_fkey,
  ADD CONSTRAINT run_wait_run_id_fkey FOREIGN KEY (run_id) REFERENCES run ON DELETE CASCADE;
ALTER TABLE run_instance DROP CONSTRAINT run_instance_run_id_fkey,
  ADD CONSTRAINT run_instance_run_id_fkey FOREIGN KEY (run_id) REFERENCES run ON DELETE CASCADE;
ALTER TABLE attempt DROP CONSTRAINT attempt_instance_id_fkey,
  ADD CONSTRAINT attempt_instance_id_fkey FOREIGN KEY (instance_id) REFERENCES run_instance ON DELETE CASCADE;

CREATE INDEX run_ended ON run (finished_at, id) WHERE finished_at IS NOT NULL;
CREATE INDEX run_by_job ON run (job_id, state, scheduled_at);
CREATE INDEX run_by_namespace ON run (namespace_id, state, id);

-- How much of a job's history was removed. A row of its own, so that removing never waits for a deployment that locks the job.
CREATE TABLE job_retention (
  job_id bigint PRIMARY KEY REFERENCES job,
  -- The newest tick of which the run was removed.
  removed_until timestamptz NOT NULL,
  removed_runs bigint NOT NULL
);

-- By default a table is cleaned when a fifth of it is dead: two million runs of ten. Claims read the head of an index, where the
-- dead lie, so what changes often is cleaned early.
ALTER TABLE run SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
ALTER TABLE run_instance SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
ALTER TABLE attempt SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
ALTER TABLE run_event SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
`,
};
