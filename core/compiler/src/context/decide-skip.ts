import type { HookSpec } from '@optimus/domain';
import { parseString } from '../template/compile-string.ts';
import type { RenderOptions } from '../template/template-set.ts';
import type { TemplateMap } from '../template/template-value.ts';
import { describeWarning } from './describe-warning.ts';

/** Whether a hook is not needed, and what was missing to say so. */
export interface SkipDecision {
  /** Absent: it is needed. */
  readonly skipReason?: string;
  readonly warnings: readonly string[];
}

/** What a condition renders to that does not hold; whatever else it renders to holds. */
const NEGATIVES: ReadonlySet<string> = new Set(['', 'false', '0', 'no']);

/**
 * Renders a hook's condition with what its configuration sees. The reason quotes one of four words and no more: a condition may be made of
 * secrets. @throws OptimusError `TEMPLATE_*`
 */
export function decideSkip(
  { name, when }: HookSpec,
  data: TemplateMap,
  options: RenderOptions,
): SkipDecision {
  if (when === undefined) return { warnings: [] };
  const { text, warnings } = parseString(`hook.${name}.when`, when).render(data, options);
  const word = text.trim().toLowerCase();
  return {
    warnings: warnings.map((warning) => describeWarning(warning, data)),
    ...(NEGATIVES.has(word) && {
      skipReason: `the "when" of hook ${name} is ${word === '' ? 'empty' : word}`,
    }),
  };
}
