import { countEntries } from './entry-count.ts';

/**
 * What a template computes with. Go's types are told apart by JavaScript's: `bigint` is a Go integer, `number` a float64,
 * `null` a nil interface, a plain record a map with string keys. `undefined` is Go's invalid value: a key that is not there.
 */
export type TemplateValue =
  | undefined
  | null
  | boolean
  | string
  | bigint
  | number
  | TemplateList
  | TemplateMap
  | TemplateObject;

export type TemplateList = ReadonlyArray<TemplateValue>;

/** Go's slice that was never made: empty like any other, but null in JSON. */
export const NIL_LIST: TemplateList = Object.freeze([]);

export interface TemplateMap {
  readonly [key: string]: TemplateValue;
}

/** A value with a Go type of its own, such as a time: known by its type, its text and its members. Immutable. */
export abstract class TemplateObject {
  /** As `printf "%T"` names it, e.g. `time.Time`. */
  abstract readonly goType: string;
  abstract readonly goKind: 'struct' | 'ptr';
  /** As `%v` prints it. */
  abstract print(): string;
  /** As JSON holds it, before it is quoted. */
  toJsonText(): string {
    return this.print();
  }
  /** What `.name` yields; undefined when there is no such member. */
  abstract member(name: string): TemplateValue;
  /** Go's DeepEqual. */
  abstract equals(other: TemplateObject): boolean;
}

/** The word Go prints for an invalid value. */
export const NO_VALUE = '<no value>';

export function isList(value: TemplateValue): value is TemplateList {
  return Array.isArray(value);
}

export function isMap(value: TemplateValue): value is TemplateMap {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof TemplateObject)
  );
}

/** The entry of a map, or undefined: never something inherited from a prototype. */
export function findEntry(map: TemplateMap, key: string): TemplateValue {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/** Keys in the order in which Go prints and ranges over a map: by bytes. */
export function sortedKeys(map: TemplateMap): readonly string[] {
  return Object.keys(map).sort(compareStrings);
}

/** Order of two strings by their UTF-8 bytes, which is the order of their code points. */
export function compareStrings(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index++) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return codePointRank(left) - codePointRank(right);
  }
  return a.length - b.length;
}

// Surrogates stand for code points above every other unit, although their own numbers lie below U+E000–U+FFFF.
function codePointRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** Whether a value counts as true in `if`, `and` and the like: not false, zero, empty, nil or missing. */
export function isTrue(value: TemplateValue): boolean {
  if (value === undefined || value === null) return false;
  if (value instanceof TemplateObject) return true;
  if (typeof value === 'object') return isList(value) ? value.length > 0 : countEntries(value) > 0;
  // A float's NaN is not zero, so Go calls it true.
  return typeof value === 'number' ? value !== 0 : Boolean(value);
}

/** The name Go's messages give to a value's type. */
export function typeName(value: TemplateValue): string {
  if (value === undefined || value === null) return '<nil>';
  if (isList(value)) return '[]interface {}';
  if (isMap(value)) return 'map[string]interface {}';
  if (value instanceof TemplateObject) return value.goType;
  return SCALAR_TYPE_NAMES[typeof value] ?? typeof value;
}

const SCALAR_TYPE_NAMES: Readonly<Record<string, string>> = {
  boolean: 'bool',
  string: 'string',
  bigint: 'int',
  number: 'float64',
};
