import { compareStrings, TemplateObject, type TemplateValue, typeName } from '../template-value.ts';
import {
  any,
  callFault,
  defineFunction,
  defineVariadic,
  type TemplateFunction,
} from './template-function.ts';

/** Go's `eq ne lt le gt ge`: kinds never mix, not even an integer with a float. */
export const comparisonFunctions: readonly TemplateFunction[] = [
  defineVariadic('eq', [any], any, (first, others) => {
    if (others.length === 0) throw callFault('missing argument for comparison');
    return others.some((other) => isEqual(first, other));
  }),
  defineFunction('ne', [any, any], (a, b) => !isEqual(a, b)),
  defineFunction('lt', [any, any], (a, b) => compare(a, b) < 0),
  defineFunction('le', [any, any], (a, b) => compare(a, b) <= 0),
  defineFunction('gt', [any, any], (a, b) => compare(a, b) > 0),
  defineFunction('ge', [any, any], (a, b) => compare(a, b) >= 0),
];

function isEqual(a: TemplateValue, b: TemplateValue): boolean {
  if (a === null || b === null) return a === b;
  if (typeof a !== typeof b) throw incompatible(a, b);
  if (a instanceof TemplateObject && b instanceof TemplateObject) return isSameObject(a, b);
  if (typeof a === 'object')
    throw callFault(`non-comparable type ${typeName(a)}`, 'compare its entries or its len');
  return a === b;
}

// Go compares what a struct holds, but of a pointer only where it points to.
function isSameObject(a: TemplateObject, b: TemplateObject): boolean {
  if (a.goType !== b.goType) throw incompatible(a, b);
  return a === b || (a.goKind === 'struct' && a.equals(b));
}

function compare(a: TemplateValue, b: TemplateValue): number {
  if (!isOrdered(a) || !isOrdered(b))
    throw callFault(`invalid type for comparison: ${typeName(isOrdered(a) ? b : a)}`);
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b);
  if (typeof a !== typeof b) throw incompatible(a, b);
  // Every comparison with NaN is false, whichever way: NaN as the result keeps that.
  return a === b ? 0 : a < b ? -1 : a > b ? 1 : Number.NaN;
}

function isOrdered(value: TemplateValue): value is string | bigint | number {
  return typeof value === 'string' || typeof value === 'bigint' || typeof value === 'number';
}

function incompatible(a: TemplateValue, b: TemplateValue): Error {
  return callFault(
    `incompatible types for comparison: ${typeName(a)} and ${typeName(b)}`,
    'compare text with text and numbers with numbers',
  );
}
