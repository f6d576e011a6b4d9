import type { Migration } from '../migration/migration.ts';

/**
 * Who follows changes of runs needs to know which of them he has seen. Ids are given out before their transactions commit, so a
 * greater one may be seen before a smaller one is there. From here on each event says which transaction wrote it, and a snapshot
 * says which of those were seen.
 */
export const runChanges: Migration = {
  number: 10,
  name: 'run_changes',
  isBreaking: false,
  sql: `
ALTER TABLE run_event ADD COLUMN transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX run_event_transaction ON run_event (transaction_id, id);
`,
};
