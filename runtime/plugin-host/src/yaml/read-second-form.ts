import type { PluginInfo } from '@optimus/domain';
import type { AssetSource, PluginDescription } from './plugin-description.ts';
import { readEntrypoint } from './read-entrypoint.ts';
import type { YamlFields, YamlValue } from './yaml-value.ts';

const rootFields = [
  'version',
  'name',
  'description',
  'destination_urn_template',
  'asset_parsers',
  'plugin_versions',
  'default_config',
] as const;

const versionFields = ['image', 'tag', 'entrypoint'] as const;

type Root = YamlFields<(typeof rootFields)[number]>;

/** The form of 2023: what a task writes is a template, and what it reads is found in its assets by named parsers. */
export function readSecondForm(root: YamlValue): PluginDescription {
  const fields = root.asFields(rootFields);
  const version = fields.get('version');
  if (version.asText() !== '2') version.fail(`is "${version.asText()}"; this server reads version 2`);
  return {
    infos: readInfos(fields),
    needsProgram: false,
    questions: [],
    rules: new Map(),
    defaultConfig: (fields.find('default_config')?.asEntries() ?? []).map(([name, value]) => ({
      name,
      value: value.asText(),
    })),
    defaultAssets: [],
    destinationTemplate: fields.text('destination_urn_template') || undefined,
    assetSources: (fields.find('asset_parsers')?.asEntries() ?? []).flatMap(readSources),
  };
}

/** It says neither type nor hook type, so it serves as both; as a hook it runs after the task. */
function readInfos(fields: Root): ReadonlyArray<PluginInfo> {
  const { image, tag, entrypoint } = readDefaultVersion(fields.get('plugin_versions'));
  const resolves = fields.find('destination_urn_template') ?? fields.find('asset_parsers');
  const base = {
    name: fields.get('name').asFilledText(),
    description: fields.text('description'),
    version: tag,
    mods: resolves === undefined ? (['cli'] as const) : (['cli', 'dependencyresolver'] as const),
    image: `${image}:${tag}`,
    dependsOn: [],
    secretPath: '',
    entrypoint,
  };
  return [
    { ...base, kind: 'task', hookType: undefined },
    { ...base, kind: 'hook', hookType: 'post' },
  ];
}

/** The others only say what differs; they are read for their mistakes. */
function readDefaultVersion(versions: YamlValue) {
  const byName = new Map(versions.asEntries());
  for (const version of byName.values()) {
    const entrypoint = version.asFields(versionFields).find('entrypoint');
    if (entrypoint !== undefined) readEntrypoint(entrypoint);
  }
  const usual = byName.get('default') ?? versions.fail('has no "default"');
  const fields = usual.asFields(versionFields);
  return {
    image: fields.get('image').asFilledText(),
    tag: fields.get('tag').asFilledText(),
    entrypoint: readEntrypoint(fields.get('entrypoint')),
  };
}

function readSources([parser, value]: readonly [string, YamlValue]): ReadonlyArray<AssetSource> {
  return value.asList().map((source) => {
    const fields = source.asFields(['filepath', 'selector', 'env']);
    const file = fields.find('filepath')?.asFilledText();
    const configKey = fields.find('env')?.asFilledText();
    if ((file === undefined) === (configKey === undefined)) source.fail('needs either "filepath" or "env"');
    return { parser, file, configKey, selector: fields.find('selector')?.asFilledText() };
  });
}
