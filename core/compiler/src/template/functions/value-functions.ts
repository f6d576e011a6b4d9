import { printValue } from '../format/print-value.ts';
import {
  compareStrings,
  findEntry,
  isList,
  isMap,
  isTrue,
  type TemplateList,
  type TemplateValue,
} from '../template-value.ts';
import {
  any,
  callFault,
  defineFunction,
  defineVariadic,
  flag,
  list,
  map,
  type TemplateFunction,
  text,
} from './template-function.ts';

/** Sprig's functions of defaults, lists and maps. */
export const valueFunctions: readonly TemplateFunction[] = [
  defineVariadic('default', [any], any, (fallback, given) => (isTrue(given[0]) ? given[0] : fallback)),
  defineFunction('empty', [any], (value) => !isTrue(value)),
  defineVariadic('coalesce', [], any, (values) => values.find(isTrue) ?? null),
  defineFunction('ternary', [any, any, flag], (whenTrue, whenFalse, condition) =>
    condition ? whenTrue : whenFalse,
  ),
  defineVariadic('list', [], any, (values) => values),
  defineFunction('first', [list], (values) => values[0] ?? null),
  defineFunction('last', [list], (values) => values.at(-1) ?? null),
  defineFunction('join', [text, any], (separator, values, budget) => {
    const parts = toTexts(values, (value) => printValue(value, budget));
    const length = parts.reduce((total, part) => total + part.length + separator.length, 0);
    budget.checkLength(length);
    return parts.join(separator);
  }),
  defineFunction('splitList', [text, text], (separator, value) => splitText(value, separator)),
  defineFunction('split', [text, text], (separator, value) =>
    toMap(splitText(value, separator).map((part, index) => [`_${index}`, part])),
  ),
  defineFunction('sortAlpha', [any], (values, budget) => {
    const print = (value: TemplateValue): string => printValue(value, budget);
    return isList(values) ? [...toTexts(values, print)].sort(compareStrings) : [print(values)];
  }),
  defineVariadic('dict', [], any, (pairs, budget) => {
    const keys = pairs.filter((_, index) => index % 2 === 0).map((key) => printValue(key, budget));
    return toMap(keys.map((key, index) => [key, index * 2 + 1 < pairs.length ? pairs[index * 2 + 1] : '']));
  }),
  defineFunction('get', [map, text], (entries, key) => findEntry(entries, key) ?? ''),
  defineFunction('hasKey', [map, text], (entries, key) => Object.hasOwn(entries, key)),
];

// Sprig joins a single value as a list of one, and passes over nil.
function toTexts(values: TemplateValue, print: (value: TemplateValue) => string): readonly string[] {
  if (values === null || values === undefined) return [];
  if (isMap(values)) return [print(values)];
  const items: TemplateList = isList(values) ? values : [values];
  return items.filter((value) => value !== null && value !== undefined).map(print);
}

function splitText(value: string, separator: string): readonly string[] {
  return separator === '' ? [...value] : value.split(separator);
}

// Without a prototype every key is an ordinary one, `__proto__` too.
function toMap(entries: ReadonlyArray<readonly [string, TemplateValue]>): TemplateValue {
  const result: Record<string, TemplateValue> = Object.create(null);
  for (const [key, value] of entries) result[key] = value;
  return result;
}

/** Sprig's functions that a run may not call, with the reason: a run compiled again must give the same text. */
export const refusedFunctions: readonly TemplateFunction[] = [
  ...[
    'now',
    'date',
    'ago',
    'randAlpha',
    'randAlphaNum',
    'randAscii',
    'randNumeric',
    'randInt',
    'randBytes',
    'uuidv4',
    'shuffle',
  ].map((name) =>
    refuse(
      name,
      'its result would change from one compilation to the next',
      'use .EXECUTION_TIME, .DSTART or .DEND',
    ),
  ),
  ...['env', 'expandenv'].map((name) =>
    refuse(
      name,
      "it reads the server's environment",
      'put the value into the project or namespace config, or a secret',
    ),
  ),
  refuse('getHostByName', 'it asks the network', 'put the address into the project or namespace config'),
];

function refuse(name: string, reason: string, hint: string): TemplateFunction {
  return defineVariadic(name, [], any, () => {
    throw callFault(`${name} is not available: ${reason}`, hint);
  });
}
