import path from 'node:path';
import {
  type NamedValue,
  OptimusError,
  type PluginCatalog,
  type PluginEntry,
  type PluginInfo,
  type PluginQuestion,
  toSuggestion,
} from '@optimus/domain';
import {
  findPluginFiles,
  inspectPlugin,
  type PluginHostOptions,
  parseDescriptionFileName,
  thisPlatform,
} from '@optimus/plugin-host';
import { toInstalledFile } from './installed-files.ts';

type ReadyEntry = Extract<PluginEntry, { state: 'ready' }>;

/**
 * All that there is to know of a plugin: what it says of itself, what it asks, what it fills in, and its file.
 * @throws OptimusError `PLUGIN_NOT_FOUND`, or `PLUGIN_UNUSABLE` with the reason when its file does not run
 */
export async function describePlugin(
  plugins: PluginCatalog,
  name: string,
  settings: PluginHostOptions,
): Promise<object> {
  const entry = getEntry(await plugins.list(), name);
  const { kind } = entry.info;
  const [questions, config, assets, file] = await Promise.all([
    plugins.getQuestions(kind, name, ''),
    orRefusal(plugins.getDefaultConfig(kind, name, [])),
    orRefusal(plugins.getDefaultAssets(kind, name, [])),
    describeFile(entry, settings),
  ]);
  return {
    ...describeInfo(entry.info),
    questions: questions.map(describeQuestion),
    defaultConfig: config,
    defaultAssets: assets,
    file,
  };
}

function getEntry(entries: readonly PluginEntry[], name: string): ReadyEntry {
  const ready = entries.flatMap((entry) => (entry.state === 'ready' ? [entry] : []));
  const isFileNamed = (entry: PluginEntry) => toInstalledFile(entry.path).some((file) => file.name === name);
  const named = ready.filter((entry) => entry.info.name === name);
  const found = named.find(isFileNamed) ?? named[0];
  if (found !== undefined) return found;
  const failed = entries.find(isFileNamed);
  if (failed?.state === 'failed') throw new OptimusError('PLUGIN_UNUSABLE', { message: failed.reason });
  const known = ready.map(({ info }) => info.name);
  throw new OptimusError('PLUGIN_NOT_FOUND', {
    message: `no plugin is called "${name}"${toSuggestion(name, known)}`,
    hint: 'see what is installed with: optimus plugin list',
    fields: { name },
  });
}

function describeInfo(info: PluginInfo): object {
  const { name, kind, version, description, image, mods, hookType, dependsOn, secretPath, entrypoint } = info;
  return {
    name,
    kind,
    version,
    description,
    image,
    mods,
    ...(hookType !== undefined && { hookType }),
    ...(dependsOn.length > 0 && { dependsOn }),
    ...(secretPath !== '' && { secretPath }),
    ...(entrypoint !== undefined && { entrypoint }),
  };
}

/** Without what is empty: most questions are a name and a prompt. */
function describeQuestion({
  name,
  prompt,
  help,
  default: initial,
  choices,
  subQuestions,
}: PluginQuestion): object {
  return {
    name,
    ...(prompt !== '' && { prompt }),
    ...(help !== '' && { help }),
    ...(initial !== '' && { default: initial }),
    ...(choices.length > 0 && { choices }),
    ...(subQuestions.length > 0 && {
      subQuestions: subQuestions.map(({ ifValue, questions }) => ({
        ifValue,
        questions: questions.map(describeQuestion),
      })),
    }),
  };
}

/** Some plugins fill nothing in before their questions are answered, and say so. */
async function orRefusal(values: Promise<readonly NamedValue[]>): Promise<object> {
  try {
    return Object.fromEntries((await values).map(({ name, value }) => [name, value]));
  } catch (error) {
    if (error instanceof OptimusError && error.code === 'PLUGIN_REFUSED') return { refused: error.message };
    throw error;
  }
}

async function describeFile(
  { path: file, shadows }: ReadyEntry,
  settings: PluginHostOptions,
): Promise<object> {
  const name = toInstalledFile(file)[0]?.name;
  // Not a file of a folder, but one that runs already.
  if (name === undefined) return { path: file };
  const describedBy = findPluginFiles(settings, thisPlatform)
    .map((found) => found.path)
    .find((found) => parseDescriptionFileName(found) === name);
  const { sha256, protocol } = await inspectPlugin(file, { ...settings, describedBy });
  return {
    path: file,
    folder: path.dirname(file),
    sha256,
    ...(shadows.length > 0 && { shadows }),
    ...(protocol && {
      protocol: `go-plugin 1, plugin protocol ${protocol.version}`,
      dialect: protocol.dialect,
      largestRequest: Number.isFinite(protocol.requestLimitBytes)
        ? `${protocol.requestLimitBytes} bytes`
        : 'any',
    }),
  };
}
