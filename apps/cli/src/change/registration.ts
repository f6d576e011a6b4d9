import {
  type FieldChange,
  type Preset,
  type Presets,
  toCanonicalJson,
  toUpperCaseKeys,
} from '@optimus/domain';
import type { ClientConfig, NamespaceConfig } from '../config/client-config.ts';

type Config = Readonly<Record<string, string>>;

/** A project's configuration and that of its namespaces; keys in upper case, as the server stores them. */
export interface Registered {
  readonly config: Config;
  readonly presets: Presets;
  readonly namespaces: Readonly<Record<string, Config>>;
}

/** What `optimus.yaml` wants registered. Namespaces that were not chosen are left alone. */
export function toWanted(
  { project }: Pick<ClientConfig, 'project'>,
  namespaces: readonly NamespaceConfig[],
  presets: Presets,
): Registered {
  return {
    config: toUpperCaseKeys(project.config),
    presets,
    namespaces: Object.fromEntries(namespaces.map(({ name, config }) => [name, toUpperCaseKeys(config)])),
  };
}

/** A project or namespace that a change registers, or gives another configuration. */
export interface DescribedRegistration {
  readonly kind: 'project' | 'namespace';
  readonly name: string;
  readonly action: 'create' | 'change';
  readonly fields: readonly FieldChange[];
}

/** What differs between what is registered, nothing for an unknown project, and what is wanted. Pure. */
export function compareRegistered(
  project: string,
  before: Registered | undefined,
  wanted: Registered,
): readonly DescribedRegistration[] {
  const ofProject = describe(
    { kind: 'project', name: project },
    before && toFields(before),
    toFields(wanted),
  );
  const ofNamespaces = Object.entries(wanted.namespaces).map(([name, config]) => {
    const old = before?.namespaces[name];
    return describe({ kind: 'namespace', name }, old && toFields({ config: old }), toFields({ config }));
  });
  return [ofProject, ...ofNamespaces].filter(
    ({ action, fields }) => action === 'create' || fields.length > 0,
  );
}

type Fields = ReadonlyMap<string, string>;

function describe(
  which: Pick<DescribedRegistration, 'kind' | 'name'>,
  before: Fields | undefined,
  after: Fields,
): DescribedRegistration {
  const fields = [...new Set([...after.keys(), ...(before?.keys() ?? [])])]
    .map((path) => ({ path, before: before?.get(path), after: after.get(path) }))
    .filter((field) => field.before !== field.after);
  return { ...which, action: before ? 'change' : 'create', fields };
}

function toFields({ config, presets = {} }: { readonly config: Config; readonly presets?: Presets }): Fields {
  return new Map([
    ...Object.entries(config).map(([key, value]) => [`config.${key}`, value] as const),
    ...Object.entries(presets).map(([name, preset]) => [`presets.${name}`, toText(preset)] as const),
  ]);
}

/** A part that is absent and one that is empty mean the same. */
function toText({ description, size, truncateTo, shiftBy, location }: Preset): string {
  const parts = { description, size, truncate_to: truncateTo, shift_by: shiftBy, location };
  return toCanonicalJson(Object.fromEntries(Object.entries(parts).filter(([, part]) => part)));
}

/** Whether everything is registered. Presets that are to go may still be there: those that jobs name stay whatever is done. */
export function isRegistered(open: readonly DescribedRegistration[]): boolean {
  return open.every(
    ({ action, fields }) =>
      action === 'change' &&
      fields.every(({ path, after }) => path.startsWith('presets.') && after === undefined),
  );
}

/** What is registered of that which is wanted: other namespaces are nobody's business here. */
export function narrowTo(wanted: Registered, registered: Registered | undefined): Registered | undefined {
  if (!registered) return undefined;
  const namespaces = Object.entries(registered.namespaces).filter(([name]) =>
    Object.hasOwn(wanted.namespaces, name),
  );
  return { ...registered, namespaces: Object.fromEntries(namespaces) };
}

/** Whether two readings found the same. */
export function isSameRegistration(one: Registered | undefined, other: Registered | undefined): boolean {
  if (!one || !other) return one === other;
  return compareRegistered('', one, other).length + compareRegistered('', other, one).length === 0;
}
