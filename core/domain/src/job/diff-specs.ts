// node:crypto is allowed here: a hash of a value is pure.
import { createHash } from 'node:crypto';
import { isBinaryAsset, toAssetBytes } from './binary-asset.ts';
import { toCanonicalJson } from './job-content-hash.ts';
import type { HookSpec, JobSpec } from './job-spec.ts';

/** One field that differs between two versions of a job. */
export interface FieldChange {
  /** Dotted path as in `job.yaml`; of an asset `assets/<name>`. */
  readonly path: string;
  /** Undefined: the field was not there. */
  readonly before: string | undefined;
  /** Undefined: the field is gone. */
  readonly after: string | undefined;
}

/** Every field that differs, in the order of the newer version, fields that are gone last. Pure. */
export function diffSpecs(before: JobSpec, after: JobSpec): readonly FieldChange[] {
  const [old, now] = [flattenSpec(before), flattenSpec(after)];
  return [...new Set([...now.keys(), ...old.keys()])]
    .map((path) => ({ path, before: old.get(path), after: now.get(path) }))
    .filter((change) => change.before !== change.after);
}

type Fields = Map<string, string>;

/** Of bytes only their number and sum are shown. */
function toShownText(content: string): string {
  if (!isBinaryAsset(content)) return content;
  const bytes = toAssetBytes(content);
  return `${bytes.length} bytes, SHA-256 ${createHash('sha256').update(bytes).digest('hex')}`;
}

function flattenSpec({ assets, task, hooks, dependencies, ...head }: JobSpec): ReadonlyMap<string, string> {
  const fields: Fields = new Map();
  flatten(fields, '', head);
  flatten(fields, 'task', { name: task.name, window: task.window });
  flattenOperator(fields, 'task', task);
  hooks.forEach((hook, position) => {
    fields.set(`hooks.${hook.name}`, `number ${position + 1}`);
    flattenOperator(fields, `hooks.${hook.name}`, hook);
  });
  for (const { type, name, http } of dependencies)
    fields.set(`dependencies.${http?.name ?? name}`, http ? toCanonicalJson(http) : type);
  for (const [name, text] of Object.entries(assets)) fields.set(`assets/${name}`, toShownText(text));
  return fields;
}

function flattenOperator(fields: Fields, path: string, { config, when, version, alert }: HookSpec): void {
  flatten(fields, path, { when, version, alert });
  for (const { name, value } of config) fields.set(`${path}.config.${name}`, value);
}

function flatten(fields: Fields, path: string, value: unknown): void {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    for (const [key, inner] of Object.entries(value))
      flatten(fields, path === '' ? toYamlKey(key) : `${path}.${toYamlKey(key)}`, inner);
  } else if (value !== undefined && value !== '') {
    fields.set(path, typeof value === 'string' ? value : toCanonicalJson(value));
  }
}

/** `startDate` as its author writes it: `start_date`. Labels and the like are written as they are. */
function toYamlKey(key: string): string {
  return /^[a-z]+([A-Z][a-z]+)+$/.test(key)
    ? key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    : key;
}
