import type { Migration } from '../migration/migration.ts';

/**
 * That a run may not begin yet, because its job is paused or limits its runs, was to be seen from its first instances alone: each
 * end of a run looked at all that wait, and a rerun, whose first instances are others, was not held at all. Now the run says so,
 * and the indexes find in one step who is next and how many are under way, however many wait.
 */
export const heldRuns: Migration = {
  number: 8,
  name: 'held_runs',
  isBreaking: true,
  sql: `
ALTER TABLE run ADD COLUMN is_held boolean NOT NULL DEFAULT false;
UPDATE run SET is_held = true
WHERE state = 'queued' AND NOT EXISTS (SELECT FROM run_instance WHERE run_id = run.id AND run_instance.state = 'queued');
ALTER TABLE run ADD CONSTRAINT run_held_check CHECK (NOT is_held OR state = 'queued');
CREATE INDEX run_held ON run (job_id, scheduled_at) WHERE is_held;
CREATE INDEX run_under_way ON run (job_id) WHERE state IN ('queued', 'running', 'up_for_retry') AND NOT is_held;

-- In the order of ticks, so that the first of many that are not over is found at once.
DROP INDEX run_unfinished;
CREATE INDEX run_unfinished ON run (job_id, scheduled_at) WHERE state NOT IN ('success', 'failed', 'skipped', 'canceled');
`,
};
