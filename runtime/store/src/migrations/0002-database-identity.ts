import type { Migration } from '../migration/migration.ts';

/**
 * Ids count from 1 in every database, so what lies outside of it under such an id (logs on a server's disk, credentials of
 * attempts) would be taken for another database's. The row names this one for ever: it is dumped, restored and replicated with
 * the ids that it qualifies.
 */
export const databaseIdentity: Migration = {
  number: 2,
  name: 'database-identity',
  isBreaking: false,
  sql: `
CREATE TABLE database_identity (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  -- One row: there is one value that the key may have.
  is_this boolean PRIMARY KEY DEFAULT true CHECK (is_this)
);
INSERT INTO database_identity DEFAULT VALUES;
`,
};
