import type { Migration } from '../migration/migration.ts';

/** Events that tasks and other schedulers register are kept among those of the run: one listing and one stream tell both. */
export const jobEvents: Migration = {
  number: 14,
  name: 'job_events',
  isBreaking: false,
  sql: `
-- What was registered: type, status, task, happenedAt, message, value. Null: the scheduler's own.
ALTER TABLE run_event ADD COLUMN event jsonb;
`,
};
