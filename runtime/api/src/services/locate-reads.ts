import { isResourceMatch, type JobSpec } from '@optimus/domain';
import { findSqlStore, inferResources } from '@optimus/resolver';

/** Where a job's assets name what it reads. */
export interface ReadPlace {
  readonly asset: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

/**
 * The first place of each asset that names a resource. None when no asset does in so many words: a macro or the plugin makes the name.
 * Pure.
 */
export function locateReads({ assets }: Pick<JobSpec, 'assets'>, urn: string): readonly ReadPlace[] {
  const store = findSqlStore(urn);
  if (!store) return [];
  return Object.entries(assets).flatMap(([name, sql]) => {
    const { reads } = inferResources({ store, texts: [{ name, sql }] });
    const found = reads.find((read) => read.urn === urn || isResourceMatch(read.urn, urn));
    return found ? [{ asset: name, line: found.position.line, column: found.position.column }] : [];
  });
}
