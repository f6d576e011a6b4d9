import type { Migration } from '../migration/migration.ts';

/**
 * Runs may end without having run: `skipped`. A server that does not know the state would take such a run for one that goes on, so
 * it must not work on this database.
 */
export const skippedRuns: Migration = {
  number: 6,
  name: 'skipped_runs',
  isBreaking: true,
  sql: `
ALTER TABLE run DROP CONSTRAINT run_state_check, ADD CONSTRAINT run_state_check
  CHECK (state IN ('wait_upstream', 'queued', 'running', 'up_for_retry', 'success', 'failed', 'skipped', 'canceled'));
DROP INDEX run_unfinished;
CREATE INDEX run_unfinished ON run (job_id) WHERE state NOT IN ('success', 'failed', 'skipped', 'canceled');
`,
};
