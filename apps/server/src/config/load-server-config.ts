import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { OptimusError, toErrorMessage } from '@optimus/domain';
import { type Environment, parseConfigEnvironment } from './config-environment.ts';
import { parseConfigFile } from './config-file.ts';
import type { ConfigKey, ConfigValues } from './config-keys.ts';
import { findRuleProblems } from './config-rules.ts';
import type { ConfigProblem, ConfigSource, GivenValue } from './config-source.ts';
import type { ServerConfig } from './server-config.ts';

/** Where the configuration comes from. */
export interface ConfigRequest {
  /** Given by `--config`; it must exist. Default: `config.yaml` in the working directory, when there is one. */
  readonly file?: string;
  readonly env: Environment;
  /** Default: the process's. */
  readonly cwd?: string;
}

/** A configuration and the file it was read from, if any. */
export interface LoadedConfig {
  readonly config: ServerConfig;
  readonly file: string | undefined;
}

const MAX_RUNNING = 16;
const DAY_MS = 86_400_000;
const MAX_LOG_BYTES = 256 * 1024 * 1024;

const NOTHING: ConfigSource = { values: [], problems: [] };

/**
 * The server's configuration: environment over file over defaults. Relative paths in the file start at the file's folder, those in the
 * environment at the working directory. @throws OptimusError `CONFIG_INVALID` with every problem, one a line
 */
export function loadServerConfig({ file, env, cwd = process.cwd() }: ConfigRequest): LoadedConfig {
  const found = findFile(file, cwd);
  const fromFile = found === undefined ? NOTHING : parseConfigFile(readText(found), found);
  const fromEnv = parseConfigEnvironment(env);
  const given = [
    ...toAbsolutePaths(fromFile.values, found === undefined ? cwd : dirname(found)),
    ...toAbsolutePaths(fromEnv.values, cwd),
  ];
  const config = toServerConfig(given, env);
  const problems = [...fromFile.problems, ...fromEnv.problems, ...findRuleProblems(config, given)];
  if (problems.length > 0) throw toConfigError(problems);
  return { config, file: found };
}

function findFile(file: string | undefined, cwd: string): string | undefined {
  if (file !== undefined) return resolve(cwd, file);
  const usual = join(cwd, 'config.yaml');
  return existsSync(usual) ? usual : undefined;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    throw new OptimusError('CONFIG_INVALID', {
      message: `cannot read the configuration ${file}: ${toErrorMessage(thrown)}`,
      hint: 'give the path of a readable file with --config',
      fields: { file },
      cause: thrown,
    });
  }
}

const PATHS: ReadonlySet<string> = new Set<ConfigKey>(['serve.data_dir', 'executor.process.cgroup']);

function toAbsolutePaths(values: readonly GivenValue[], base: string): readonly GivenValue[] {
  return values.map((given) => {
    if (PATHS.has(given.key)) return { ...given, value: toAbsolute(String(given.value), base) };
    if (given.key !== 'plugin.dirs') return given;
    const dirs = given.value as ConfigValues['plugin.dirs'];
    return { ...given, value: dirs?.map((dir) => toAbsolute(dir, base)) };
  });
}

function toAbsolute(path: string, base: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : resolve(base, path);
}

/** Later values win. */
function toServerConfig(given: readonly GivenValue[], env: Environment): ServerConfig {
  const values = Object.fromEntries(given.map(({ key, value }) => [key, value])) as ConfigValues;
  return {
    serve: {
      host: values['serve.host'] ?? '127.0.0.1',
      port: values['serve.port'] ?? 9100,
      dataDir: values['serve.data_dir'] ?? toDefaultDataDir(env),
      appKey: values['serve.app_key'],
      previousAppKeys: values['serve.previous_app_keys'] ?? [],
      auth: { tokens: values['serve.auth.tokens'] ?? [] },
      db: { dsn: values['serve.db.dsn'] },
    },
    log: { level: values['log.level'] ?? 'info' },
    executor: toExecutorConfig(values),
    retention: toRetentionConfig(values),
    telemetry: {
      otlpEndpoint: values['telemetry.otlp_endpoint'],
      otlpHeaders: values['telemetry.otlp_headers'] ?? {},
    },
    plugin: toPluginConfig(values),
    resourceManagers: values.resource_managers ?? [],
  };
}

function toExecutorConfig(values: ConfigValues): ServerConfig['executor'] {
  return {
    type: values['executor.type'] ?? 'process',
    process: {
      images: values['executor.process.images'] ?? {},
      maxRunning: values['executor.process.max_running'] ?? MAX_RUNNING,
      maxLogBytes: values['executor.process.max_log_bytes'] ?? MAX_LOG_BYTES,
      cgroup: values['executor.process.cgroup'],
    },
    docker: {
      engine: values['executor.docker.engine'],
      network: values['executor.docker.network'] ?? 'host',
      serverAddress: values['executor.docker.server_address'],
      pullPolicy: values['executor.docker.pull_policy'] ?? 'if-not-present',
      credentials: values['executor.docker.credentials'] ?? {},
      maxRunning: values['executor.docker.max_running'] ?? MAX_RUNNING,
      maxLogBytes: values['executor.docker.max_log_bytes'] ?? MAX_LOG_BYTES,
    },
  };
}

function toRetentionConfig(values: ConfigValues): ServerConfig['retention'] {
  return {
    runsMs: values['retention.runs'] ?? 90 * DAY_MS,
    keepRuns: values['retention.keep_runs'] ?? 10,
    eventsMs: values['retention.events'] ?? 30 * DAY_MS,
    logsMs: values['retention.logs'] ?? 30 * DAY_MS,
  };
}

function toPluginConfig(values: ConfigValues): ServerConfig['plugin'] {
  return {
    dirs: values['plugin.dirs'] ?? [],
    autoMtls: values['plugin.auto_mtls'] ?? false,
    checksums: values['plugin.checksums'] ?? {},
    allowForeignWriters: values['plugin.allow_foreign_writers'] ?? false,
    ignoreCurrentDirectory: values['plugin.ignore_current_directory'] ?? false,
    idleTimeoutMs: values['plugin.idle_timeout'] ?? 60_000,
  };
}

function toDefaultDataDir(env: Environment): string {
  const home = env.OPTIMUS_HOME;
  return home === undefined || home === '' ? join(homedir(), '.optimus') : resolve(home);
}

function toConfigError(problems: readonly ConfigProblem[]): OptimusError {
  return new OptimusError('CONFIG_INVALID', {
    message: problems.map(({ place, message }) => `${place}: ${message}`).join('\n'),
    hint: 'mend the configuration and start again',
  });
}
