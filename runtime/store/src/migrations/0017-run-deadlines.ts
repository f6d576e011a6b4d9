import type { Migration } from '../migration/migration.ts';

/** Runs whose time is over are ended also while nothing of them runs, so servers look for the next one: it is first in this index. */
export const runDeadlines: Migration = {
  number: 17,
  name: 'run_deadlines',
  isBreaking: false,
  sql: `
CREATE INDEX run_deadline ON run (deadline_at) WHERE state IN ('running', 'up_for_retry') AND deadline_at IS NOT NULL;
`,
};
