/**
 * SQL: the key of the configuration that sizes the pool of the version's attempts, as `toPoolKey` of the core has it; empty: they
 * share none.
 */
export function toPoolSql(version: string): string {
  const pool = `(${version}.spec #>> '{metadata,airflow,pool}')`;
  return `CASE WHEN ${pool} <> '' THEN 'POOL_' || regexp_replace(upper(${pool} COLLATE "C"), '[^A-Z0-9]', '_', 'g') ELSE '' END`;
}
