import type { Budget } from '../budget.ts';
import { printValue } from '../format/print-value.ts';
import {
  any,
  callFault,
  defineFunction,
  defineVariadic,
  map,
  type TemplateFunction,
  text,
} from '../functions/template-function.ts';
import { listKeys, reaches, removeEntry, setEntry, toMap } from '../map-entries.ts';
import {
  findEntry,
  isMap,
  isTrue,
  type TemplateList,
  type TemplateMap,
  type TemplateValue,
} from '../template-value.ts';
import { withMust } from './with-must.ts';

/** Sprig's maps. `set`, `unset` and the merges change their map in place; keys come in order, where Go's come in any. */
export const mapFunctions: readonly TemplateFunction[] = [
  defineVariadic('dict', [], any, (pairs, budget) => {
    const keys = pairs.filter((_, index) => index % 2 === 0).map((key) => printValue(key, budget));
    return toMap(keys.map((key, index) => [key, index * 2 + 1 < pairs.length ? pairs[index * 2 + 1] : '']));
  }),
  defineFunction('get', [map, text], (entries, key) =>
    Object.hasOwn(entries, key) ? (entries[key] ?? null) : '',
  ),
  defineFunction('hasKey', [map, text], (entries, key) => Object.hasOwn(entries, key)),
  defineFunction('set', [map, text, any], (entries, key, value, budget) => {
    requireOutside(value, entries, budget);
    setEntry(entries, key, value);
    return entries;
  }),
  defineFunction('unset', [map, text], (entries, key) => {
    removeEntry(entries, key);
    return entries;
  }),
  defineVariadic('keys', [], map, (maps, budget) => maps.flatMap((entries) => listKeys(entries, budget))),
  defineFunction('values', [map], (entries, budget) => listKeys(entries, budget).map((key) => entries[key])),
  defineVariadic('pluck', [text], map, (key, maps) =>
    maps.filter((entries) => Object.hasOwn(entries, key)).map((entries) => entries[key]),
  ),
  defineVariadic('pick', [map], text, (entries, keys) =>
    toMap(keys.filter((key) => Object.hasOwn(entries, key)).map((key) => [key, entries[key]])),
  ),
  defineVariadic('omit', [map], text, (entries, keys, budget) => {
    const omitted = new Set(keys);
    const kept = listKeys(entries, budget).filter((key) => !omitted.has(key));
    return toMap(kept.map((key) => [key, entries[key]]));
  }),
  ...withMust([
    defineVariadic('merge', [map], map, (target, sources, budget) =>
      mergeAll(target, sources, { overwrite: false, budget }),
    ),
    defineVariadic('mergeOverwrite', [map], map, (target, sources, budget) =>
      mergeAll(target, sources, { overwrite: true, budget }),
    ),
  ]),
  defineVariadic('dig', [any, any, any], any, (first, second, third, more) =>
    dig([first, second, third, ...more]),
  ),
];

interface MergeRules {
  readonly overwrite: boolean;
  readonly budget: Budget;
}

function mergeAll(target: TemplateMap, sources: readonly TemplateMap[], rules: MergeRules): TemplateMap {
  for (const source of sources) mergeInto(target, source, rules);
  return target;
}

// Without overwriting only what is missing or empty gives way, and never to nil. Two maps are merged, not replaced.
function mergeInto(target: TemplateMap, source: TemplateMap, rules: MergeRules): void {
  for (const key of listKeys(source, rules.budget)) {
    rules.budget.countStep();
    const given = source[key];
    const own = findEntry(target, key);
    if (isMap(own) && isMap(given)) mergeInto(own, given, rules);
    else if (rules.overwrite || (given !== null && given !== undefined && !isTrue(own))) {
      requireOutside(given, target, rules.budget);
      setEntry(target, key, given);
    }
  }
}

function requireOutside(value: TemplateValue, target: TemplateMap, budget: Budget): void {
  if (typeof value !== 'object' || value === null || !reaches(value, target, budget)) return;
  throw callFault('a map cannot be put into itself', 'use deepCopy');
}

function dig(args: TemplateList): TemplateValue {
  const path = args.slice(0, -2);
  let value: TemplateValue = args.at(-1);
  for (const key of path) {
    if (!isMap(value)) throw callFault('dig found something other than a map on its way');
    if (typeof key !== 'string') throw callFault('dig takes its path as texts');
    if (!Object.hasOwn(value, key)) return args.at(-2);
    value = value[key];
  }
  return value;
}
