import { parsePoolSize, toPoolKey } from '@optimus/domain';
import type { Upsert } from './compare-jobs.ts';
import type { Registered } from './registration.ts';

/** A pool of deployed jobs that has no limit, and the key that would give it one. */
export interface UnsizedPool {
  readonly pool: string;
  readonly key: string;
  /** The first of its jobs. */
  readonly job: string;
}

/** Pools of jobs that neither their project nor their namespace gives a size. Pure. */
export function findUnsizedPools(
  upserts: readonly Pick<Upsert, 'namespace' | 'spec'>[],
  { config, namespaces }: Pick<Registered, 'config' | 'namespaces'>,
): readonly UnsizedPool[] {
  const unsized = new Map<string, UnsizedPool>();
  for (const { namespace, spec } of upserts) {
    const pool = spec.metadata.airflow?.pool ?? '';
    const key = toPoolKey(pool);
    const sizes = [config[key], namespaces[namespace]?.[key]].map(parsePoolSize);
    const isSized = sizes.some((size) => size !== undefined);
    if (pool !== '' && !isSized && !unsized.has(key)) unsized.set(key, { pool, key, job: spec.name });
  }
  return [...unsized.values()];
}
