import type { Budget } from '../budget.ts';
import { printValue } from '../format/print-value.ts';
import { toInteger } from '../functions/number-functions.ts';
import {
  any,
  callFault,
  defineFunction,
  defineVariadic,
  integer,
  list,
  type TemplateFunction,
  text,
} from '../functions/template-function.ts';
import { toMap } from '../map-entries.ts';
import {
  compareStrings,
  isList,
  isTrue,
  NIL_LIST,
  type TemplateList,
  type TemplateValue,
} from '../template-value.ts';
import { isDeepEqual } from './deep-equal.ts';
import { toTexts } from './to-texts.ts';
import { withMust } from './with-must.ts';

/** Sprig's lists. None is ever changed in place: each function answers a new one. */
export const listFunctions: readonly TemplateFunction[] = [
  ...['list', 'tuple'].map((name) => defineVariadic(name, [], any, (values) => values)),
  ...withMust([
    defineFunction('first', [list], (values) => values[0] ?? null),
    defineFunction('last', [list], (values) => values.at(-1) ?? null),
    defineFunction('rest', [list], (values) => (values.length === 0 ? NIL_LIST : values.slice(1))),
    defineFunction('initial', [list], (values) => (values.length === 0 ? NIL_LIST : values.slice(0, -1))),
    defineFunction('append', [list, any], (values, item) => [...values, item]),
    defineFunction('push', [list, any], (values, item) => [...values, item]),
    defineFunction('prepend', [list, any], (values, item) => [item, ...values]),
    defineFunction('reverse', [list], (values) => values.toReversed()),
    defineFunction('compact', [list], (values) => values.filter(isTrue)),
    defineFunction('uniq', [list], toUnique),
    defineVariadic('without', [list], any, (values, omitted, budget) =>
      values.filter((value) => !includes(omitted, value, budget)),
    ),
    defineFunction('has', [any, any], (item, values, budget) => has(item, values, budget)),
    defineFunction('chunk', [integer, list], (size, values) => toChunks(Number(size), values)),
  ]),
  // Go's own `slice`, which takes text too, stands for sprig's other one.
  defineVariadic('mustSlice', [list], any, sliceList),
  defineVariadic('concat', [], list, (lists, budget) => {
    budget.checkItems(lists.reduce((total, values) => total + values.length, 0));
    const items = lists.flat();
    return items.length === 0 ? NIL_LIST : items;
  }),
  defineFunction('join', [text, any], (separator, values, budget) => {
    const parts = toTexts(values, budget);
    budget.checkLength(parts.reduce((total, part) => total + part.length + separator.length, 0));
    return parts.join(separator);
  }),
  defineFunction('sortAlpha', [any], (values, budget) =>
    isList(values) ? toTexts(values, budget).toSorted(compareStrings) : [printValue(values, budget)],
  ),
  defineFunction('toStrings', [any], (values, budget) => toTexts(values, budget)),
  defineFunction('splitList', [text, text], (separator, value) => splitText(value, separator)),
  defineFunction('split', [text, text], (separator, value) => toNumberedMap(splitText(value, separator))),
  defineFunction('splitn', [text, integer, text], (separator, count, value) =>
    toNumberedMap(splitText(value, separator, Number(count))),
  ),
  defineFunction('until', [integer], (count, budget) =>
    countUp({ start: 0n, stop: count, step: count < 0n ? -1n : 1n }, budget),
  ),
  defineFunction('untilStep', [integer, integer, integer], (start, stop, step, budget) =>
    countUp({ start, stop, step }, budget),
  ),
  defineVariadic('seq', [], integer, (bounds, budget) => {
    const sequence = toSequence(bounds, budget).join(' ');
    budget.checkLength(sequence.length);
    return sequence;
  }),
];

function toUnique(values: TemplateList, budget: Budget): TemplateList {
  const unique: TemplateValue[] = [];
  for (const value of values) if (!includes(unique, value, budget)) unique.push(value);
  return unique;
}

function includes(values: TemplateList, wanted: TemplateValue, budget: Budget): boolean {
  budget.countWork(values.length);
  return values.some((value) => isDeepEqual(value, wanted, budget));
}

function has(item: TemplateValue, values: TemplateValue, budget: Budget): boolean {
  if (values === null) return false;
  if (!isList(values)) throw callFault('has takes a list', 'for a part of a text use contains');
  return includes(values, item, budget);
}

function toChunks(size: number, values: TemplateList): TemplateList {
  if (size <= 0) throw callFault('the size of a chunk must be 1 or more');
  const count = Math.max(Math.ceil(values.length / size), 0);
  return Array.from({ length: count }, (_, index) => values.slice(index * size, (index + 1) * size));
}

function sliceList(values: TemplateList, bounds: TemplateList): TemplateValue {
  if (values.length === 0) return null;
  const [start = 0, end = values.length] = bounds.map((bound) => Number(toInteger(bound)));
  if (start < 0 || end > values.length || start > end) {
    throw callFault(`slice ${start} to ${end} lies outside the list's ${values.length} items`);
  }
  return values.slice(start, end);
}

/** `strings.SplitN`: at most `count` parts, all of them when it is negative or absent, none when it is 0. */
function splitText(value: string, separator: string, count = -1): readonly string[] {
  const parts = separator === '' ? [...value] : value.split(separator);
  if (count < 0 || parts.length <= count) return parts;
  return count === 0 ? [] : [...parts.slice(0, count - 1), parts.slice(count - 1).join(separator)];
}

function toNumberedMap(parts: readonly string[]): TemplateValue {
  return toMap(parts.map((part, index) => [`_${index}`, part]));
}

/** Making a number costs more than copying one. */
const COUNT_FACTOR = 8;

/** From `start`, by `step`, up to but without `stop`. */
interface Count {
  readonly start: bigint;
  readonly stop: bigint;
  readonly step: bigint;
}

function countUp({ start, stop, step }: Count, budget: Budget): readonly bigint[] {
  const isEmpty = stop < start ? step >= 0n : step <= 0n;
  if (isEmpty || start === stop) return [];
  const distance = stop > start ? stop - start : start - stop;
  const stride = step > 0n ? step : -step;
  const length = (distance + stride - 1n) / stride;
  budget.checkItems(Number(length));
  budget.countWork(COUNT_FACTOR * Number(length));
  return Array.from({ length: Number(length) }, (_, index) => start + BigInt(index) * step);
}

// The end belongs to the sequence, hence one more in the direction of the count.
function toSequence(bounds: readonly bigint[], budget: Budget): readonly bigint[] {
  const [first, second, third] = bounds;
  if (first === undefined || bounds.length > 3) return [];
  const [start, end] = second === undefined ? [1n, first] : [first, third ?? second];
  const direction = end < start ? -1n : 1n;
  if (second === undefined || third === undefined) {
    return countUp({ start, stop: end + direction, step: direction }, budget);
  }
  if (end < start && second > 0n) return [];
  return countUp({ start, stop: end + direction, step: second }, budget);
}
