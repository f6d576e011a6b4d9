import type { NamedValue, PluginKind } from '../plugin/plugin.ts';

/** Values of secrets by name. */
type SecretValues = Readonly<Record<string, string>>;

const PLUGIN_SECRET = /^(?<kind>TASK|HOOK)_(?<plugin>.+)$/;

/**
 * The kind and the name, in capitals and with `_` for `-`, of the plugin whose secret this is by its name; undefined for a
 * secret that every instance may use.
 */
export function findSecretOwner(
  secretName: string,
): { readonly kind: PluginKind; readonly plugin: string } | undefined {
  const { kind, plugin } = PLUGIN_SECRET.exec(toComparable(secretName))?.groups ?? {};
  return plugin === undefined ? undefined : { kind: kind === 'HOOK' ? 'hook' : 'task', plugin };
}

/** The secret of one plugin, which is told it in the calls that carry the project: `TASK_BQ2BQ` for the task `bq2bq`. */
export function findPluginSecret(
  secrets: SecretValues,
  kind: PluginKind,
  plugin: string,
): NamedValue | undefined {
  const name = toPluginSecretName(kind, plugin);
  const found = Object.entries(secrets).find(([one]) => toComparable(one) === name);
  return found && { name, value: found[1] };
}

/**
 * The secrets that templates of an instance may use: every secret whose name begins with `TASK_` or `HOOK_`, in capitals or not, is a
 * plugin's, and only the instances of that plugin see it.
 */
export function listSecretsFor(
  secrets: SecretValues,
  instance: { readonly type: PluginKind; readonly name: string },
): SecretValues {
  const own = toPluginSecretName(instance.type, instance.name);
  const visible = Object.entries(secrets).filter(([name]) => {
    return findSecretOwner(name) === undefined || toComparable(name) === own;
  });
  return Object.fromEntries(visible);
}

function toPluginSecretName(kind: PluginKind, plugin: string): string {
  return toComparable(`${kind}_${plugin}`);
}

/** Templates cannot name a secret with a dash after a dot, so people write `_` for that of a plugin's name. */
function toComparable(name: string): string {
  return name.toUpperCase().replaceAll('-', '_');
}
