import type { Migration } from '../migration/migration.ts';

/**
 * The newest runs of a namespace in a state come from an index of just these. Where PostgreSQL takes a state for more frequent than
 * it is, it went backwards through the primary key instead, for that has the same order: in search of running ones through all of
 * history. The negated id is an order that no other index has.
 */
export const newestRuns: Migration = {
  number: 16,
  name: 'newest_runs',
  isBreaking: false,
  sql: `
DROP INDEX run_by_namespace;
CREATE INDEX run_by_namespace ON run (namespace_id, state, (-id));
`,
};
