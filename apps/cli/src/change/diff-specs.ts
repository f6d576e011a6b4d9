import { type JobSpec, toCanonicalJson } from '@optimus/domain';
import { structuredPatch } from 'diff';

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

/** A field's change as lines: both values on one line, or a diff of texts that have several. */
export function toChangeLines({ path, before, after }: FieldChange): readonly string[] {
  const isText =
    [before, after].some((value) => value?.includes('\n') ?? false) || path.startsWith('assets/');
  if (!isText) return [`${path}: ${before ?? '(none)'} → ${after ?? '(none)'}`];
  const { hunks } = structuredPatch('', '', before ?? '', after ?? '', '', '', { context: 1 });
  const lines = hunks.flatMap((hunk) => hunk.lines).filter((line) => !line.startsWith('\\'));
  return [`${path}:`, ...lines.map((line) => `  ${line}`)];
}

function flattenSpec({ assets, task, hooks, dependencies, ...head }: JobSpec): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  flatten(fields, '', head);
  flatten(fields, 'task', { name: task.name, window: task.window });
  for (const { name, value } of task.config) fields.set(`task.config.${name}`, value);
  hooks.forEach(({ name, config }, position) => {
    fields.set(`hooks.${name}`, `number ${position + 1}`);
    for (const item of config) fields.set(`hooks.${name}.config.${item.name}`, item.value);
  });
  for (const { type, name, http } of dependencies)
    fields.set(`dependencies.${http?.name ?? name}`, http ? toCanonicalJson(http) : type);
  for (const [name, text] of Object.entries(assets)) fields.set(`assets/${name}`, text);
  return fields;
}

function flatten(fields: Map<string, string>, path: string, value: unknown): void {
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
