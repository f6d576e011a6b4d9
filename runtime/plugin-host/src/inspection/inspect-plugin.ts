import path from 'node:path';
import { type Log, type PluginInfo, SILENT_LOG } from '@optimus/domain';
import { FilePlugin } from '../catalog/file-plugin.ts';
import { type DiscoveredPlugin, parseDescriptionFileName } from '../discovery/discover-plugins.ts';
import { type Platform, toPlatform } from '../discovery/platform.ts';
import { parsePluginFileName } from '../discovery/plugin-file-name.ts';
import { appProtocolVersion } from '../process/handshake.ts';
import { RuntimeDirectory } from '../process/runtime-directory.ts';
import { startPlugin, stopPlugin } from '../supervision/running-plugin.ts';
import { type Checksums, hashFile } from '../vetting/checksum.ts';

/** How a file is looked at; what is absent is as for a host. */
export interface InspectionOptions {
  /** What the plugin inherits. Default: the environment of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly allowForeignWriters?: boolean;
  readonly autoMtls?: boolean;
  readonly checksums?: Checksums;
  readonly startTimeoutMs?: number;
  /** The YAML file for a program that tells but its name. */
  readonly describedBy?: string | undefined;
  readonly log?: Log;
}

/** What is known of one plugin file. */
export interface PluginInspection {
  /** One for each kind it may be used as; a program has one. */
  readonly infos: readonly PluginInfo[];
  /** SHA-256 of the file, in hexadecimal. */
  readonly sha256: string;
  /** How a program is spoken to; absent for a file that describes a plugin. */
  readonly protocol?: {
    readonly version: number;
    /** The package under which it serves the Optimus services. */
    readonly dialect: string;
    /** The largest request it takes, in bytes. */
    readonly requestLimitBytes: number;
  };
}

/** The platform of this machine, as plugin files name it. */
export const thisPlatform: Platform = toPlatform(process.platform, process.arch);

/**
 * Vets a plugin file, starts it, has it say who it is, and ends it; a YAML file is read.
 * @throws OptimusError `PLUGIN_UNUSABLE`
 */
export async function inspectPlugin(
  file: string,
  options: InspectionOptions = {},
): Promise<PluginInspection> {
  const described = parseDescriptionFileName(file);
  if (described === undefined) return inspectProgram(file, options);
  const { infos } = createDescription(file, options).describe();
  return { infos, sha256: await hash(file) };
}

async function inspectProgram(file: string, options: InspectionOptions): Promise<PluginInspection> {
  const { log = SILENT_LOG, describedBy } = options;
  const runtimeDirectory = new RuntimeDirectory();
  runtimeDirectory.sweep();
  const description = describedBy === undefined ? undefined : createDescription(describedBy, options);
  try {
    const running = await startPlugin({
      plugin: toIdentity(file),
      vetting: { platform: thisPlatform, allowForeignWriters: options.allowForeignWriters ?? false },
      env: options.env ?? process.env,
      runtimeDirectory,
      log,
      startTimeoutMs: options.startTimeoutMs ?? 60_000,
      autoMtls: options.autoMtls ?? false,
      checksums: options.checksums ?? {},
      describe: () => description?.describe().infos[0],
      signal: new AbortController().signal,
    });
    await stopPlugin(running, log);
    const { info, dialect, requestLimitBytes } = running;
    const protocol = { version: appProtocolVersion, dialect: dialect.name, requestLimitBytes };
    return { infos: [info], sha256: await hash(file), protocol };
  } finally {
    runtimeDirectory.remove();
  }
}

function createDescription(file: string, { allowForeignWriters, log }: InspectionOptions): FilePlugin {
  return new FilePlugin(toIdentity(file), {
    allowForeignWriters: allowForeignWriters ?? false,
    log: log ?? SILENT_LOG,
  });
}

/** What its name tells of a file that may or may not be a plugin. */
export function toIdentity(file: string): DiscoveredPlugin {
  const parts = parsePluginFileName(path.basename(file), thisPlatform);
  const name = parts?.name ?? parseDescriptionFileName(file) ?? path.basename(file);
  return { name, path: file, version: parts?.version, shadows: [] };
}

async function hash(file: string): Promise<string> {
  return (await hashFile(file)).toString('hex');
}
