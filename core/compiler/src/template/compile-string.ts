import type { MissingValueWarning } from './evaluator.ts';
import { parseTemplateSet, type RenderOptions, type TemplateOptions } from './template-set.ts';
import type { TemplateMap } from './template-value.ts';
import { trimSpace } from './text.ts';

/** One rendered value, without the white space around it. */
export interface RenderedString {
  readonly text: string;
  readonly warnings: readonly MissingValueWarning[];
}

/** A single parsed template, e.g. one configuration value. Immutable and reusable. */
export interface StringTemplate {
  /** @throws OptimusError `TEMPLATE_FAILED`, `TEMPLATE_TOO_LARGE` */
  render(data: TemplateMap, options?: RenderOptions): RenderedString;
}

/** Parses one string; `name` is what errors call it by. @throws OptimusError `TEMPLATE_INVALID` */
export function parseString(name: string, text: string, options?: TemplateOptions): StringTemplate {
  // Most configuration values hold no template at all.
  if (!text.includes('{{')) return plainTemplate(trimSpace(text));
  const set = parseTemplateSet({ [name]: text }, { ...options, partials: 'rendered' });
  return Object.freeze({
    render: (data: TemplateMap, renderOptions?: RenderOptions): RenderedString => {
      const { files, warnings } = set.render(data, renderOptions);
      return { text: trimSpace(files[name] ?? ''), warnings };
    },
  });
}

/** Parses and renders one string. @throws OptimusError `TEMPLATE_*` */
export function compileString(
  name: string,
  text: string,
  data: TemplateMap,
  options?: RenderOptions,
): RenderedString {
  return parseString(name, text).render(data, options);
}

function plainTemplate(text: string): StringTemplate {
  const rendered: RenderedString = Object.freeze({ text, warnings: Object.freeze([]) });
  return Object.freeze({ render: () => rendered });
}
