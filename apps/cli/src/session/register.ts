import type { Presets } from '@optimus/domain';
import { core } from '@optimus/proto';
import type { ApiClient } from '../client/api-client.ts';
import type { ClientConfig, NamespaceConfig } from '../config/client-config.ts';
import type { Terminal } from '../terminal/terminal.ts';

const { registerProject } = core.ProjectService.method;
const { registerProjectNamespace } = core.NamespaceService.method;

/** Sends the project, its configuration and its presets, and says what the presets became. */
export async function sendProject(
  { client, terminal }: { readonly client: ApiClient; readonly terminal: Terminal },
  { project }: ClientConfig,
  presets: Presets,
): Promise<void> {
  const { name, config } = project;
  const { presetChange } = await client.write(registerProject, {
    project: { name, config: { ...config }, presets: toPresetMessages(presets) },
  });
  if (presetChange) for (const line of toPresetLines(presetChange)) terminal.print(line);
}

/** Presets as the API takes them. */
export function toPresetMessages(presets: Presets) {
  return Object.fromEntries(Object.entries(presets).map(([name, preset]) => [name, { name, ...preset }]));
}

/** What a registration did to presets, in words. */
export function toPresetLines({ created, changed, deleted, kept }: core.PresetChange): readonly string[] {
  return [
    ...Object.entries({ created, changed, deleted }).flatMap(([what, names]) =>
      names.length === 0 ? [] : [`presets ${what}: ${names.join(', ')}`],
    ),
    ...kept.map(({ preset, jobName }) => `preset ${preset} is kept: job ${jobName} names it`),
  ];
}

/** Sends namespaces and their configurations, all at once. */
export async function sendNamespaces(
  client: ApiClient,
  project: string,
  namespaces: readonly NamespaceConfig[],
): Promise<void> {
  await Promise.all(
    namespaces.map(({ name, config }) =>
      client.write(registerProjectNamespace, {
        projectName: project,
        namespace: { name, config: { ...config } },
      }),
    ),
  );
}
