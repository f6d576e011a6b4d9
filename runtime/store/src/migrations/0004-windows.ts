import type { Migration } from '../migration/migration.ts';

/**
 * Presets are replaced as a whole and always read with their project, so they lie in its row. A run keeps the zone that its window
 * is written in: the preset which said so may be another one by the time the run is compiled.
 */
export const windows: Migration = {
  number: 4,
  name: 'windows',
  isBreaking: false,
  sql: `
ALTER TABLE project ADD COLUMN presets jsonb NOT NULL DEFAULT '{}';

-- An IANA name; empty is UTC.
ALTER TABLE run ADD COLUMN window_location text NOT NULL DEFAULT '';
`,
};
