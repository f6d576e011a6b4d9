import { homedir } from 'node:os';
import path from 'node:path';
import { OptimusError, SILENT_LOG } from '@optimus/domain';
import type { PluginHostOptions } from '@optimus/plugin-host';
import { flag } from '@optimus/spec';
import type { Invocation } from '../command-line/command-spec.ts';
import type { PluginConfig } from '../config/client-config.ts';
import { checksums } from '../config/config-schema.ts';
import { findClientConfig } from '../config/read-client-config.ts';

type Environment = Invocation['terminal']['env'];

/**
 * How plugins run on this machine: `--plugin-dir`, then the variables that the server reads as well, then `plugin` of
 * the client's configuration. Folders add up, of everything else the first that is given counts.
 * @throws OptimusError `CONFIG_INVALID`
 */
export async function readPluginSettings(
  invocation: Pick<Invocation, 'flags' | 'terminal'>,
): Promise<PluginHostOptions> {
  const { flags, terminal } = invocation;
  const { env } = terminal;
  const home = env['HOME'] || homedir();
  const config: Partial<PluginConfig> = (await findClientConfig(invocation))?.plugin ?? {};
  return {
    dirs: [...flags.texts('plugin-dir'), ...listFolders(env), ...(config.dirs ?? [])],
    cwd: terminal.cwd,
    execDir: path.dirname(process.argv[1] ?? process.execPath),
    home,
    answersDir: path.join(home, '.optimus', 'cache', 'plugin-answers'),
    log: SILENT_LOG,
    env,
    autoMtls: readFlag(env, 'OPTIMUS_PLUGIN_AUTO_MTLS') ?? config.autoMtls ?? false,
    checksums: readChecksums(env) ?? config.checksums ?? {},
    allowForeignWriters:
      readFlag(env, 'OPTIMUS_PLUGIN_ALLOW_FOREIGN_WRITERS') ?? config.allowForeignWriters ?? false,
    ignoreCwd:
      readFlag(env, 'OPTIMUS_PLUGIN_IGNORE_CURRENT_DIRECTORY') ?? config.ignoreCurrentDirectory ?? false,
  };
}

function listFolders(env: Environment): readonly string[] {
  return splitList(env['OPTIMUS_PLUGIN_DIRS'] ?? '');
}

function readFlag(env: Environment, variable: string): boolean | undefined {
  const value = env[variable];
  if (!value) return undefined;
  const read = flag.safeParse(value);
  if (read.success) return read.data;
  throw createVariableError(variable, read.error.issues[0]?.message);
}

/** `name=hex,…`, or a JSON object. */
function readChecksums(env: Environment): Readonly<Record<string, string>> | undefined {
  const variable = 'OPTIMUS_PLUGIN_CHECKSUMS';
  const value = env[variable];
  if (!value) return undefined;
  const read = checksums.safeParse(value.trim().startsWith('{') ? parseJson(value) : parseEntries(value));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw createVariableError(variable, `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim());
}

function parseEntries(value: string): unknown {
  return Object.fromEntries(splitList(value).map((entry) => entry.split('=').map((part) => part.trim())));
}

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

function splitList(value: string): readonly string[] {
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function createVariableError(variable: string, problem = 'cannot be read'): OptimusError {
  return new OptimusError('CONFIG_INVALID', { message: `${variable}: ${problem}`, fields: { variable } });
}
