import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { OptimusError } from '@optimus/domain';
import { createFilesError, type FileProblem, locateProblems, parseYaml, type YamlFile } from '@optimus/spec';
import type { Flags } from '../command-line/flags.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { ClientConfig, NamespaceConfig, PluginConfig } from './client-config.ts';
import { type ConfigFile, configSchema } from './config-schema.ts';

/** The name of the client's configuration file. */
export const CONFIG_FILE_NAME = 'optimus.yaml';

interface Source {
  readonly flags: Flags;
  readonly terminal: Pick<Terminal, 'cwd'>;
}

/** The configuration of `--config`, else of `./optimus.yaml`; undefined when the latter does not exist. @throws OptimusError `CONFIG_INVALID` */
export async function findClientConfig({ flags, terminal }: Source): Promise<ClientConfig | undefined> {
  const named = flags.text('config');
  const file = path.resolve(terminal.cwd, named ?? CONFIG_FILE_NAME);
  const text = await readIfPresent(file);
  if (text !== undefined) return parseClientConfig(file, text, terminal.cwd);
  if (named === undefined) return undefined;
  throw new OptimusError('CONFIG_INVALID', {
    message: `there is no file ${named}`,
    fields: { flag: 'config' },
  });
}

/** As {@link findClientConfig}, for commands that work on the folder's specifications. @throws OptimusError `CONFIG_INVALID` */
export async function getClientConfig(source: Source): Promise<ClientConfig> {
  const config = await findClientConfig(source);
  if (config) return config;
  throw new OptimusError('CONFIG_INVALID', {
    message: `there is no ${CONFIG_FILE_NAME} in ${source.terminal.cwd}`,
    hint: 'make one with: optimus init, or name one with --config',
    fields: { flag: 'config' },
  });
}

/** Parses a configuration; its relative paths are relative to its own folder. @throws OptimusError `CONFIG_INVALID` */
export function parseClientConfig(file: string, text: string, cwd: string): ClientConfig {
  const source: YamlFile = { file: path.relative(cwd, file) || file, text };
  const parsed = parseYaml(source, configSchema);
  const problems = parsed.ok ? findDuplicates(source, parsed.value) : parsed.problems;
  if (!parsed.ok || problems.length > 0) throw createFilesError('CONFIG_INVALID', problems);
  const { host, project, namespaces, plugin } = parsed.value;
  const folder = path.dirname(file);
  return {
    file,
    host,
    project: toProject(project, folder),
    namespaces: namespaces.map((namespace) => toNamespace(namespace, folder)),
    plugin: plugin ? toPluginConfig(plugin, folder) : undefined,
  };
}

function toPluginConfig(plugin: NonNullable<ConfigFile['plugin']>, folder: string): PluginConfig {
  return {
    dirs: plugin.dirs.map((dir) => path.resolve(folder, dir)),
    autoMtls: plugin.auto_mtls ?? false,
    checksums: plugin.checksums ?? {},
    allowForeignWriters: plugin.allow_foreign_writers ?? false,
    ignoreCurrentDirectory: plugin.ignore_current_directory ?? false,
  };
}

function toProject(
  { name, config, preset_path: presets }: ConfigFile['project'],
  folder: string,
): ClientConfig['project'] {
  return { name, config, presetPath: presets === undefined ? undefined : path.resolve(folder, presets) };
}

function findDuplicates(source: YamlFile, { namespaces }: ConfigFile): readonly FileProblem[] {
  const names = namespaces.map(({ name }) => name);
  const repeated = names.flatMap((name, index) => (names.indexOf(name) < index ? [{ name, index }] : []));
  if (repeated.length === 0) return [];
  return locateProblems(
    [source],
    repeated.map(({ name, index }) => ({
      path: ['namespaces', index, 'name'],
      message: `namespace "${name}" is listed twice`,
    })),
  );
}

function toNamespace(
  { name, config, job, datastore }: ConfigFile['namespaces'][number],
  folder: string,
): NamespaceConfig {
  return {
    name,
    config,
    jobPath: path.resolve(folder, job?.path ?? path.join(name, 'jobs')),
    projectPath: folder,
    datastores: datastore.map((store) => ({ type: store.type, path: path.resolve(folder, store.path) })),
  };
}

async function readIfPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new OptimusError('CONFIG_INVALID', { message: `${file} cannot be read`, cause });
  }
}
