import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { OptimusError, type PluginInfo } from '@optimus/domain';
import {
  findPluginFiles,
  inspectPlugin,
  type PluginHostOptions,
  parseDescriptionFileName,
  parsePluginFileName,
  thisPlatform,
} from '@optimus/plugin-host';
import { assertChecksum } from './checksums.ts';
import { createSourceError, type ObtainedSource, obtainSource, type SourceRequest } from './obtain-source.ts';
import { type PlacedPlugin, placePlugins } from './place-plugins.ts';
import { createStagingFolder } from './staging-folder.ts';
import { findArchiveFormat, unpackPlugins } from './unpack-plugins.ts';

export interface InstallRequest extends SourceRequest {
  /** Absolute folder that is installed into. */
  readonly folder: string;
  /** Takes the place of the same version, and of all others. */
  readonly isReplacing: boolean;
  readonly settings: PluginHostOptions;
}

/** A plugin that has said who it is, waiting to be put in place. */
export interface ReadyPlugin {
  readonly file: string;
  /** The name it gets. */
  readonly fileName: string;
  readonly sha256: string;
  readonly info: PluginInfo;
}

/**
 * obtain → check the sum → unpack → vet and handshake → put in place. Until the last step, which is one rename a file, nothing
 * of it is where a host looks.
 * @throws OptimusError `PLUGIN_SOURCE_INVALID`, `DOWNLOAD_FAILED`, `PLUGIN_UNUSABLE`, `PLUGIN_EXISTS`
 */
export async function installPlugins(request: InstallRequest): Promise<readonly PlacedPlugin[]> {
  const staging = await createStagingFolder(request.folder);
  try {
    const files = await stageFiles(request, staging);
    const ready: ReadyPlugin[] = [];
    for (const staged of files.toSorted(descriptionsFirst)) ready.push(await inspect(staged, files, request));
    return await placePlugins(ready, request);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

interface StagedFile {
  readonly file: string;
  /** Where it came from, for messages. */
  readonly shownAs: string;
}

async function stageFiles(request: InstallRequest, staging: string): Promise<readonly StagedFile[]> {
  const fetched = path.join(staging, 'fetched');
  await mkdir(fetched);
  const source = await obtainSource(request, fetched);
  if (source.expected) await assertChecksum(source.file, source.expected, source.shownAs);
  const format = await findArchiveFormat(source.file);
  if (format === undefined) return [await stageSingle(source)];
  const unpacked = path.join(staging, 'unpacked');
  await mkdir(unpacked);
  const files = await unpackPlugins({ ...source, format }, unpacked);
  return files.map((file) => ({ file, shownAs: `${path.basename(file)} of ${source.shownAs}` }));
}

const yaml = /\.ya?ml$/;

/** A plugin alone; one that is not called as plugins are gets its name once it has told it. */
async function stageSingle({ file, fileName, shownAs }: ObtainedSource): Promise<StagedFile> {
  if (!yaml.test(fileName) || parseDescriptionFileName(file) !== undefined) return { file, shownAs };
  const renamed = path.join(path.dirname(file), 'optimus-plugin-unnamed.yaml');
  await rename(file, renamed);
  return { file: renamed, shownAs };
}

function descriptionsFirst(left: StagedFile, right: StagedFile): number {
  return Number(yaml.test(right.file)) - Number(yaml.test(left.file));
}

async function inspect(
  { file, shownAs }: StagedFile,
  all: readonly StagedFile[],
  { settings }: InstallRequest,
): Promise<ReadyPlugin> {
  await chmod(file, yaml.test(file) ? 0o644 : 0o755);
  const describedBy = findDescription(file, all, settings);
  const { infos, sha256 } = await inspectPlugin(file, { ...settings, describedBy }).catch(
    (error: unknown) => {
      throw nameSource(error, file, shownAs);
    },
  );
  const [info] = infos;
  if (info === undefined) throw createSourceError(shownAs, 'describes no plugin');
  return { file, sha256, info, fileName: toFileName(file, info, shownAs) };
}

/** A program that tells but its name is described by a file that comes with it, or is installed already. */
function findDescription(
  file: string,
  all: readonly StagedFile[],
  settings: PluginHostOptions,
): string | undefined {
  const name = parsePluginFileName(path.basename(file), thisPlatform)?.name;
  const candidates = [
    ...all.map((staged) => staged.file),
    ...findPluginFiles(settings, thisPlatform).map((found) => found.path),
  ];
  return candidates.find((found) => name !== undefined && parseDescriptionFileName(found) === name);
}

/** The staged file will be gone when the message is read. */
function nameSource(error: unknown, file: string, shownAs: string): unknown {
  if (!(error instanceof OptimusError)) return error;
  return new OptimusError(error.code, {
    message: error.message.replaceAll(file, shownAs),
    ...(error.hint === undefined ? {} : { hint: error.hint.replaceAll(file, shownAs) }),
    fields: error.fields,
  });
}

function toFileName(file: string, { name, version }: PluginInfo, shownAs: string): string {
  const given = path.basename(file);
  const isNamed = given !== 'optimus-plugin-unnamed.yaml' && parseDescriptionFileName(given) !== undefined;
  if (isNamed || parsePluginFileName(given, thisPlatform) !== undefined) return given;
  assertFileName(name, /^[A-Za-z\d][A-Za-z\d.-]*$/, shownAs);
  if (yaml.test(given)) return `optimus-plugin-${name}.yaml`;
  assertFileName(version, /^[\w.+-]+$/, shownAs);
  const { os, arch } = thisPlatform;
  return `optimus-${name}_${version}_${os}_${arch}${os === 'windows' ? '.exe' : ''}`;
}

function assertFileName(part: string, allowed: RegExp, shownAs: string): void {
  if (allowed.test(part)) return;
  throw createSourceError(
    shownAs,
    `calls itself ${JSON.stringify(part)}, which cannot be part of a file name`,
    {
      hint: 'name the file optimus-<name>_<version>_<os>_<arch> yourself',
    },
  );
}
