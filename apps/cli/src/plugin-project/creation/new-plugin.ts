import type { PluginKind, PluginLanguage } from '../plugin-project.ts';
import { renderTemplate, type TemplateFiles } from './render-template.ts';

/** What a new plugin is made from. */
export interface NewPlugin {
  readonly name: string;
  readonly kind: PluginKind;
  readonly language: PluginLanguage;
  /** Repository of its images, without a tag. */
  readonly image: string;
}

/** The name under which images are found when nothing else is said. */
export function defaultImage({ kind, name }: Pick<NewPlugin, 'kind' | 'name'>): string {
  return `optimus-${kind}-${name}`;
}

/** How each language says what kind of plugin it is. Go's is aligned as gofmt has it. */
const TYPES = {
  typescript: {
    task: "type: 'task',",
    hook: "type: 'hook',\n  // 'pre', 'post' or 'fail': before the task, after it, or after it failed.\n  hookType: 'post',",
  },
  go: {
    task: 'PluginType:    pb.PluginType_PLUGIN_TYPE_TASK,',
    hook: 'PluginType:    pb.PluginType_PLUGIN_TYPE_HOOK,\n\t\t\t// PRE, POST or FAIL: before the task, after it, or after it failed.\n\t\t\tHookType: pb.HookType_HOOK_TYPE_POST,',
  },
} as const;

/** The files of the plugin's own folder. */
export async function renderPlugin(plugin: NewPlugin, sdk: string): Promise<TemplateFiles> {
  const { name, kind, language, image } = plugin;
  const values = { name, kind, image, sdk, type: TYPES[language][kind] };
  const parts = [await renderTemplate(language, values), await renderTemplate('wrapper', values)];
  return new Map(parts.flatMap((files) => [...files]));
}

/** The files of the repository around it. */
export function renderRepository(): Promise<TemplateFiles> {
  return renderTemplate('repository', {});
}
