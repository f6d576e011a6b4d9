import type { Budget } from '../budget.ts';
import { printValue } from '../format/print-value.ts';
import { isList, type TemplateValue } from '../template-value.ts';

/** The texts of a list's items; one value is a list of one, and nil is passed over. */
export function toTexts(values: TemplateValue, budget: Budget): readonly string[] {
  if (values === null || values === undefined) return [];
  const items = isList(values) ? values : [values];
  return items
    .filter((value) => value !== null && value !== undefined)
    .map((value) => printValue(value, budget));
}
