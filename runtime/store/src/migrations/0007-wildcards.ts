import type { Migration } from '../migration/migration.ts';

/**
 * A wildcard has an edge for each job that writes one of its tables. Whoever writes a table asks which wildcards it is among, by
 * every way in which its name begins: an index of the few wildcards alone answers that without reading the many names.
 */
export const wildcards: Migration = {
  number: 7,
  name: 'wildcards',
  isBreaking: false,
  sql: `
CREATE INDEX job_dependency_wildcard ON job_dependency (urn) WHERE kind = 'inferred' AND right(urn, 1) = '*';
`,
};
