import type { Migration } from '../migration/migration.ts';

/** How an attempt ended was told in a sentence alone: whoever asks why a run failed must not have to take sentences apart. */
export const outcomes: Migration = {
  number: 11,
  name: 'outcomes',
  isBreaking: false,
  sql: `
-- exited, signaled, out_of_memory, refused, timed_out, run_timed_out or lost; null while it lives, and of attempts that ended before.
ALTER TABLE attempt ADD COLUMN outcome text;
-- The code of the error for which it was refused.
ALTER TABLE attempt ADD COLUMN error_code text;
`,
};
