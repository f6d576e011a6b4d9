import type { Statement } from '../database/database.ts';

/**
 * In a database that was restored from a dump, events name transactions of the one before, and its own count anew. Such events are
 * given a transaction that everybody has seen. Anywhere else the index tells at once that there are none.
 */
export const RESTORE_CHANGES: Statement = {
  name: 'run_change_restore',
  text: `
    UPDATE run_event SET transaction_id = '3' WHERE transaction_id >= pg_snapshot_xmax(pg_current_snapshot())`,
};
