import { otherServers } from './other-servers.ts';
import {
  address,
  checksums,
  choice,
  commandLines,
  credentials,
  duration,
  flag,
  headers,
  integer,
  level,
  span,
  text,
  texts,
  type ValueKind,
} from './value-kind.ts';

/** Every key of the configuration. Each is also the environment variable {@link toVariable} names. */
export const CONFIG_KEYS = {
  'serve.host': text,
  'serve.port': integer(0, 65_535),
  'serve.data_dir': text,
  'serve.app_key': text,
  'serve.previous_app_keys': texts,
  'serve.auth.tokens': texts,
  'serve.db.dsn': text,
  'log.level': level,
  'executor.type': choice('process', 'docker'),
  'executor.docker.engine': text,
  'executor.docker.network': text,
  'executor.docker.server_address': text,
  'executor.docker.pull_policy': choice('always', 'if-not-present', 'never'),
  'executor.docker.credentials': credentials,
  'executor.docker.max_running': integer(1, 10_000),
  'executor.docker.max_log_bytes': integer(64 * 1024, 2 ** 40),
  'executor.process.images': commandLines,
  'executor.process.max_running': integer(1, 10_000),
  'executor.process.max_log_bytes': integer(64 * 1024, 2 ** 40),
  'executor.process.cgroup': text,
  'retention.runs': span,
  'retention.keep_runs': integer(1, 100_000),
  'retention.events': span,
  'retention.logs': span,
  'telemetry.otlp_endpoint': address,
  'telemetry.otlp_headers': headers,
  'plugin.dirs': texts,
  'plugin.auto_mtls': flag,
  'plugin.checksums': checksums,
  'plugin.allow_foreign_writers': flag,
  'plugin.ignore_current_directory': flag,
  'plugin.idle_timeout': duration,
  resource_managers: otherServers,
} as const;

/** A key by its dotted path. */
export type ConfigKey = keyof typeof CONFIG_KEYS;

type ValueOf<K> = K extends ValueKind<infer T> ? T : never;

/** The values that were given, by key. */
export type ConfigValues = { readonly [K in ConfigKey]?: ValueOf<(typeof CONFIG_KEYS)[K]> };

/** Errors about these keys never show the value. */
const SECRET_KEYS: ReadonlySet<string> = new Set([
  'serve.app_key',
  'serve.previous_app_keys',
  'serve.auth.tokens',
  'serve.db.dsn',
  'executor.docker.credentials',
  'telemetry.otlp_headers',
]);

/** All keys, in the order of the table. */
export const CONFIG_PATHS = Object.keys(CONFIG_KEYS) as readonly ConfigKey[];

/** `serve.db.dsn` → `OPTIMUS_SERVE_DB_DSN`. */
export function toVariable(key: string): string {
  return `OPTIMUS_${key.toUpperCase().replaceAll('.', '_')}`;
}

/** True for the path of a key. */
export function isConfigKey(path: string): path is ConfigKey {
  return Object.hasOwn(CONFIG_KEYS, path);
}

/** Checks a value of a key. */
export function readValue(
  key: ConfigKey,
  raw: unknown,
): { readonly value: unknown } | { readonly problem: string } {
  const read = CONFIG_KEYS[key].read(raw);
  if ('problem' in read && SECRET_KEYS.has(key)) return { problem: `${key}: ${describeSecret(key, raw)}` };
  return 'problem' in read ? { problem: `${key}: ${read.problem}` } : read;
}

/** What is wrong with a value that is not to be shown. Keys and tokens may be nothing but digits. */
function describeSecret(key: ConfigKey, raw: unknown): string {
  const kind: ValueKind<unknown> = CONFIG_KEYS[key];
  if (kind === text && isBare(raw)) return 'is not a text: put it into quotes';
  if (kind === texts && Array.isArray(raw) && raw.some(isBare))
    return 'holds what is not a text: put each entry into quotes';
  return 'the value has the wrong type';
}

function isBare(raw: unknown): boolean {
  return ['number', 'boolean', 'bigint'].includes(typeof raw);
}
