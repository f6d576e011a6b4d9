import { byteAt, byteLength, sliceBytes } from '../bytes.ts';
import { countEntries } from '../entry-count.ts';
import { findEntry, isList, isMap, type TemplateValue, typeName } from '../template-value.ts';
import { toInteger } from './number-functions.ts';
import {
  any,
  callFault,
  defineFunction,
  defineVariadic,
  type TemplateFunction,
} from './template-function.ts';

/** Go's `len index slice call not`. */
export const collectionFunctions: readonly TemplateFunction[] = [
  defineFunction('len', [any], (value) => BigInt(toLength(value))),
  defineVariadic('index', [any], any, (value, keys) => keys.reduce<TemplateValue>(toEntry, value)),
  defineVariadic('slice', [any], any, (value, bounds) => toSlice(value, bounds)),
  defineVariadic('call', [any], any, (value) => {
    throw callFault(`non-function of type ${typeName(value)}`, 'a run context holds no functions');
  }),
];

function toLength(value: TemplateValue): number {
  if (typeof value === 'string') return byteLength(value);
  if (isList(value)) return value.length;
  if (isMap(value)) return countEntries(value);
  throw callFault(
    value === null || value === undefined ? 'len of nil pointer' : `len of type ${typeName(value)}`,
  );
}

function toEntry(value: TemplateValue, key: TemplateValue): TemplateValue {
  if (value === null || value === undefined) throw callFault('index of untyped nil');
  if (isMap(value)) {
    if (typeof key !== 'string') throw callFault(`value has type ${typeName(key)}; should be string`);
    return findEntry(value, key) ?? null;
  }
  if (isList(value)) return value[toIndex(key, value.length)] ?? null;
  if (typeof value === 'string') return toByte(value, key);
  throw callFault(`can't index item of type ${typeName(value)}`);
}

function toByte(value: string, key: TemplateValue): bigint {
  return BigInt(byteAt(value, toIndex(key, byteLength(value))) ?? 0);
}

function toIndex(key: TemplateValue, length: number): number {
  const index = toOffset(key);
  if (index < 0 || index >= length) throw callFault(`index out of range: ${index}`);
  return index;
}

function toOffset(key: TemplateValue): number {
  if (key === null || key === undefined) throw callFault('cannot index slice/array with nil');
  if (typeof key !== 'bigint') throw callFault(`cannot index slice/array with type ${typeName(key)}`);
  return Number(key);
}

// Sprig replaces Go's slice by one for lists alone; text keeps Go's, which sprig would refuse.
function toSlice(value: TemplateValue, bounds: readonly TemplateValue[]): TemplateValue {
  if (typeof value === 'string') return sliceText(value, bounds);
  if (!isList(value)) throw callFault(`list should be type of slice or array but ${typeName(value)}`);
  if (value.length === 0) return null;
  const [start = 0, end = value.length] = bounds.map((bound) => Number(toInteger(bound)));
  requireBounds(start, end, value.length);
  return value.slice(start, end);
}

function sliceText(value: string, bounds: readonly TemplateValue[]): string {
  if (bounds.length > 2) throw callFault('cannot 3-index slice a string');
  const length = byteLength(value);
  const [start = 0, end = length] = bounds.map(toOffset);
  requireBounds(start, end, length);
  return sliceBytes(value, start, end);
}

function requireBounds(start: number, end: number, length: number): void {
  const outside = [start, end].find((offset) => offset < 0 || offset > length);
  if (outside !== undefined) throw callFault(`index out of range: ${outside}`);
  if (start > end) throw callFault(`invalid slice index: ${start} > ${end}`);
}
