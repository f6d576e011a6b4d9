import { OptimusError } from '@optimus/domain';
import { DEFAULT_LIMITS, type TemplateLimits } from '../template/budget.ts';
import { executionTime } from '../template/fixtures/golden-data.ts';
import { parseTemplateSet } from '../template/template-set.ts';
import type { TemplateMap } from '../template/template-value.ts';

/** A twentieth of what a run may do: what is stopped by it is stopped in production too, only later. */
export const SMALL_LIMITS: TemplateLimits = {
  ...DEFAULT_LIMITS,
  maxLength: DEFAULT_LIMITS.maxLength / 16,
  maxSteps: DEFAULT_LIMITS.maxSteps / 20,
};

/** Renders one template as a run would, `now` being the golden data's. @throws OptimusError `TEMPLATE_*` */
export function renderTemplate(template: string, data: TemplateMap = {}, limits?: TemplateLimits): string {
  const set = parseTemplateSet({ t: template }, limits === undefined ? {} : { limits });
  return set.render(data, { now: executionTime }).files['t'] ?? '';
}

/** The error that rendering a template ends with; undefined when it renders. */
export function findTemplateError(
  template: string,
  data?: TemplateMap,
  limits?: TemplateLimits,
): OptimusError | undefined {
  try {
    renderTemplate(template, data, limits);
    return undefined;
  } catch (error) {
    if (error instanceof OptimusError) return error;
    throw error;
  }
}
