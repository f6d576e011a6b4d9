import { OptimusError } from '@optimus/domain';
import { executionTime } from '../template/fixtures/golden-data.ts';
import { parseTemplateSet } from '../template/template-set.ts';
import type { TemplateMap } from '../template/template-value.ts';

/** Renders one template as a run would, `now` being the golden data's. @throws OptimusError `TEMPLATE_*` */
export function renderTemplate(template: string, data: TemplateMap = {}): string {
  return parseTemplateSet({ t: template }).render(data, { now: executionTime }).files['t'] ?? '';
}

/** The error that rendering a template ends with; undefined when it renders. */
export function findTemplateError(template: string, data: TemplateMap = {}): OptimusError | undefined {
  try {
    renderTemplate(template, data);
    return undefined;
  } catch (error) {
    if (error instanceof OptimusError) return error;
    throw error;
  }
}
