import type { Budget } from '../budget.ts';
import { listKeys } from '../map-entries.ts';
import {
  findEntry,
  isList,
  NO_VALUE,
  type TemplateList,
  type TemplateMap,
  TemplateObject,
  type TemplateValue,
} from '../template-value.ts';
import { formatFloat } from './format-float.ts';

/** What an action writes for a value: as `%v`, but `<no value>` for what is missing or nil. */
export function printTopLevel(value: TemplateValue, budget: Budget): string {
  return value === undefined || value === null ? NO_VALUE : printValue(value, budget);
}

/** A value as `%v` writes it. Shared lists may unfold to far more text than they occupy, hence the budget. */
export function printValue(value: TemplateValue, budget: Budget): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return formatFloat(value);
    case 'object':
      if (value instanceof TemplateObject) return value.print();
      return value === null ? '<nil>' : printCollection(value, (item) => printValue(item, budget), budget);
    default:
      return value === undefined ? '<nil>' : String(value);
  }
}

/** `[a b]` or `map[k:a l:b]`, keys and items written by `print`. */
export function printCollection(
  value: TemplateList | TemplateMap,
  print: (item: TemplateValue) => string,
  budget: Budget,
): string {
  const printItem = (item: TemplateValue): string => {
    budget.countStep();
    return print(item);
  };
  const parts = isList(value)
    ? value.map(printItem)
    : listKeys(value, budget).map((key) => `${print(key)}:${printItem(findEntry(value, key))}`);
  const text = parts.join(' ');
  budget.checkLength(text.length);
  return isList(value) ? `[${text}]` : `map[${text}]`;
}

/** Go's `fmt.Sprint`: a space between two operands when neither is a string. */
export function printAll(values: TemplateList, budget: Budget): string {
  const text = values.reduce<string>((written, value, index) => {
    const before = values[index - 1];
    const separator = index > 0 && typeof value !== 'string' && typeof before !== 'string' ? ' ' : '';
    return written + separator + printValue(value, budget);
  }, '');
  budget.checkLength(text.length);
  return text;
}
