/**
 * The key of a project's or namespace's configuration that says how many slots a pool has: `POOL_BIG_QUERY` of `big-query`. Pools with
 * one key are one pool.
 */
export function toPoolKey(pool: string): string {
  const upper = pool.replaceAll(/[a-z]/g, (letter) => letter.toUpperCase());
  return `POOL_${upper.replaceAll(/[^A-Z0-9]/g, '_')}`;
}

/** How many slots a value of the configuration gives a pool; undefined: it says no number, and the pool has no limit. */
export function parsePoolSize(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}
