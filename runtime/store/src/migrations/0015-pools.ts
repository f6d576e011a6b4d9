import type { Migration } from '../migration/migration.ts';

/**
 * Attempts of many jobs share the slots of a pool. Instances are queued by namespace and pool from here on: a pool without a free slot
 * is passed over in one step, however many wait for it, and holds up nobody behind them.
 */
export const pools: Migration = {
  number: 15,
  name: 'pools',
  isBreaking: true,
  sql: `
-- The key of the configuration that sizes the instance's pool; empty: it shares none.
ALTER TABLE run_instance ADD COLUMN pool text COLLATE "C" NOT NULL DEFAULT '';
UPDATE run_instance SET pool = 'POOL_' || regexp_replace(upper(job_version.spec #>> '{metadata,airflow,pool}' COLLATE "C"), '[^A-Z0-9]', '_', 'g')
FROM run JOIN job_version ON job_version.id = run.version_id
WHERE run.id = run_instance.run_id AND run.state NOT IN ('success', 'failed', 'skipped', 'canceled')
  AND job_version.spec #>> '{metadata,airflow,pool}' <> '';

DROP INDEX run_instance_claim;
CREATE INDEX run_instance_claim ON run_instance (namespace_id, pool, priority DESC, ready_at, id) WHERE state IN ('queued', 'up_for_retry');
`,
};
