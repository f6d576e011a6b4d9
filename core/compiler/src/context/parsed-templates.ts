import type { ConfigItem } from '@optimus/domain';
import { parseString, type StringTemplate } from '../template/compile-string.ts';
import { parseTemplateSet, type TemplateSet } from '../template/template-set.ts';

// Parsing is most of what a context costs, and a version of a job is compiled for each of its runs, instances and tries. Parsed
// templates live as long as the specification that they are of: whoever keeps that, by a bound of its own, keeps them.
const ofConfigs = new WeakMap<readonly ConfigItem[], ParsedConfig>();
const ofAssets = new WeakMap<object, TemplateSet>();

interface ParsedConfig {
  readonly owner: string;
  readonly templates: readonly StringTemplate[];
}

/** The templates of a configuration, parsed once for each value of it. `owner` is what errors call it by. @throws OptimusError `TEMPLATE_INVALID` */
export function parseConfig(owner: string, config: readonly ConfigItem[]): readonly StringTemplate[] {
  const known = ofConfigs.get(config);
  if (known?.owner === owner) return known.templates;
  const templates = config.map(({ name, value }) => parseString(`${owner}.config.${name}`, value));
  ofConfigs.set(config, { owner, templates });
  return templates;
}

/** The assets as one set, parsed once for each value of them. @throws OptimusError `TEMPLATE_INVALID` */
export function parseAssets(assets: Readonly<Record<string, string>>): TemplateSet {
  const known = ofAssets.get(assets);
  if (known) return known;
  const parsed = parseTemplateSet(assets);
  ofAssets.set(assets, parsed);
  return parsed;
}
