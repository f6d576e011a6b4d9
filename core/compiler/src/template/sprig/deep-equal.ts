import type { Budget } from '../budget.ts';
import {
  isList,
  isMap,
  type TemplateList,
  type TemplateMap,
  TemplateObject,
  type TemplateValue,
} from '../template-value.ts';

/** Go's `reflect.DeepEqual`: same kind and same content, all the way down. */
export function isDeepEqual(a: TemplateValue, b: TemplateValue, budget: Budget): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  budget.countStep();
  if (isList(a)) return isList(b) && isListEqual(a, b, budget);
  if (isMap(a)) return isMap(b) && isMapEqual(a, b, budget);
  return a instanceof TemplateObject && b instanceof TemplateObject && a.equals(b);
}

function isListEqual(a: TemplateList, b: TemplateList, budget: Budget): boolean {
  return a.length === b.length && a.every((item, index) => isDeepEqual(item, b[index], budget));
}

function isMapEqual(a: TemplateMap, b: TemplateMap, budget: Budget): boolean {
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isDeepEqual(a[key], b[key], budget))
  );
}
