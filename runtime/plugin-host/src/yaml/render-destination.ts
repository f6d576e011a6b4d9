import type { NamedValue } from '@optimus/domain';

/** A URN, or the keys that the configuration lacks. */
export type RenderedDestination =
  | { readonly kind: 'urn'; readonly urn: string }
  | { readonly kind: 'missing'; readonly keys: ReadonlyArray<string> };

const placeholder = /<(\w+)>/g;

/** Puts the job's configuration into a template such as `bigquery://<PROJECT>:<DATASET>.<TABLE>`. */
export function renderDestination(template: string, config: ReadonlyArray<NamedValue>): RenderedDestination {
  const values = new Map(config.map(({ name, value }) => [name, value]));
  const keys = [...template.matchAll(placeholder)].map(([, key = '']) => key);
  const missing = keys.filter((key) => !values.get(key));
  if (missing.length > 0) return { kind: 'missing', keys: [...new Set(missing)] };
  return { kind: 'urn', urn: template.replace(placeholder, (_, key: string) => values.get(key) ?? '') };
}
