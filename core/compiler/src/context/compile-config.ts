import { type ConfigItem, present } from '@optimus/domain';
import type { StringTemplate } from '../template/compile-string.ts';
import type { RenderOptions } from '../template/template-set.ts';
import type { TemplateMap } from '../template/template-value.ts';
import { describeWarning } from './describe-warning.ts';
import { parseConfig } from './parsed-templates.ts';

/** One configuration entry of a task or hook, rendered. */
export interface CompiledItem extends ConfigItem {
  /** Its author's text refers to a secret, so the value goes where secrets go. */
  readonly isSecret: boolean;
}

/** A whole configuration, rendered, and what was missing. */
export interface CompiledConfig {
  readonly items: readonly CompiledItem[];
  readonly warnings: readonly string[];
}

/** Renders configuration in its author's order. `owner`, e.g. `task.neo`, is what errors call it by. @throws OptimusError `TEMPLATE_*` */
export function compileConfig(
  owner: string,
  config: readonly ConfigItem[],
  data: TemplateMap,
  options?: RenderOptions,
): CompiledConfig {
  const templates = parseConfig(owner, config);
  const compiled = config.map((item, index) => {
    const template = present(templates[index], `the template of ${owner}.config.${item.name}`);
    return compileItem(item, template, { data, ...(options && { options }) });
  });
  return {
    items: compiled.map(({ item }) => item),
    warnings: compiled.flatMap(({ warnings }) => warnings),
  };
}

function compileItem(
  { name, value }: ConfigItem,
  template: StringTemplate,
  { data, options }: { readonly data: TemplateMap; readonly options?: RenderOptions },
) {
  const { text, warnings } = template.render(data, options);
  const item: CompiledItem = { name, value: text, isSecret: value.includes('.secret.') };
  return { item, warnings: warnings.map((warning) => describeWarning(warning, data)) };
}
