import type { Migration } from '../migration/migration.ts';

/**
 * What a run waits for beyond the jobs of this server has nobody who tells that it is there: it is asked, again and again. A row says
 * when next, so any server may ask, and one that dies in the middle leaves nothing behind but a time that passes.
 */
export const probes: Migration = {
  number: 12,
  name: 'probes',
  isBreaking: true,
  sql: `
-- Counted by run.wait_count while it is there. Gone when it is met, and when its run waits no more.
CREATE TABLE run_probe (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id bigint NOT NULL REFERENCES run ON DELETE CASCADE,
  kind text NOT NULL,
  name text COLLATE "C" NOT NULL,
  -- What is asked, as people may see it.
  target text NOT NULL,
  -- Grows with each claim: what is said of an earlier try matches no row.
  tries integer NOT NULL DEFAULT 0,
  next_probe_at timestamptz NOT NULL DEFAULT now(),
  -- What came of the last try that ended, and when.
  outcome text NOT NULL DEFAULT '',
  probed_at timestamptz,
  UNIQUE (run_id, kind, name)
);
CREATE INDEX run_probe_next ON run_probe (next_probe_at);
`,
};
