import type { Budget } from '../budget.ts';
import {
  any,
  callFault,
  defineFunction,
  type TemplateFunction,
  text,
} from '../functions/template-function.ts';
import { listKeys } from '../map-entries.ts';
import {
  isList,
  isMap,
  NIL_LIST,
  type TemplateList,
  type TemplateMap,
  TemplateObject,
  type TemplateValue,
} from '../template-value.ts';

/** Sprig's JSON. The plain forms answer nothing for what cannot be read or written; the `must` forms fail. */
export const jsonFunctions: readonly TemplateFunction[] = [
  defineFunction('fromJson', [text], (value, budget) => parseJson(value, budget) ?? null),
  defineFunction('mustFromJson', [text], (value, budget) => {
    const parsed = parseJson(value, budget);
    if (parsed === undefined) throw callFault('the text is not JSON');
    return parsed;
  }),
  ...defineWriter('Json', { escapesHtml: true, indent: '' }),
  ...defineWriter('PrettyJson', { escapesHtml: true, indent: '  ' }),
  ...defineWriter('RawJson', { escapesHtml: false, indent: '' }),
];

/** What a character of JSON becomes in memory, at most about: `[],` is three. */
const PARSED_BYTES = 16;

interface JsonStyle {
  readonly escapesHtml: boolean;
  /** What a level is moved in by; empty writes everything on one line. */
  readonly indent: string;
}

function defineWriter(name: string, style: JsonStyle): readonly TemplateFunction[] {
  return [
    defineFunction(`to${name}`, [any], (value, budget) => {
      const written = writeJson(value, style, budget);
      if (written === undefined && !style.escapesHtml) throw notJson();
      return written ?? '';
    }),
    defineFunction(`mustTo${name}`, [any], (value, budget) => {
      const written = writeJson(value, style, budget);
      if (written === undefined) throw notJson();
      return written;
    }),
  ];
}

function notJson() {
  return callFault('JSON knows no NaN and no infinity');
}

function parseJson(value: string, budget: Budget): TemplateValue {
  budget.countBytes(PARSED_BYTES * value.length);
  try {
    return JSON.parse(value) as TemplateValue;
  } catch {
    return undefined;
  }
}

/** Go's JSON: maps in the order of their keys. Undefined for what JSON cannot hold. */
function writeJson(value: TemplateValue, style: JsonStyle, budget: Budget, margin = ''): string | undefined {
  budget.countStep();
  if (value === null || value === undefined || value === NIL_LIST) return 'null';
  if (typeof value === 'string') return quoteJson(value, style);
  if (typeof value === 'number') return writeNumber(value);
  if (isList(value)) return writeList(value, style, budget, margin);
  if (isMap(value)) return writeMap(value, style, budget, margin);
  return value instanceof TemplateObject ? quoteJson(value.toJsonText(), style) : String(value);
}

function writeNumber(value: number): string | undefined {
  if (!Number.isFinite(value)) return undefined;
  return Object.is(value, -0) ? '-0' : String(value);
}

const HTML = /[<>&\u2028\u2029]/g;
const LINE_ENDS = /[\u2028\u2029]/g;

function quoteJson(value: string, { escapesHtml }: JsonStyle): string {
  return JSON.stringify(value).replace(
    escapesHtml ? HTML : LINE_ENDS,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function writeList(list: TemplateList, style: JsonStyle, budget: Budget, margin: string): string | undefined {
  const inner = margin + style.indent;
  const items = list.map((item) => writeJson(item, style, budget, inner));
  return items.includes(undefined) ? undefined : enclose(['[', ']'], items, { style, margin, budget });
}

function writeMap(map: TemplateMap, style: JsonStyle, budget: Budget, margin: string): string | undefined {
  const inner = margin + style.indent;
  const colon = style.indent === '' ? ':' : ': ';
  const items = listKeys(map, budget).map((key) => {
    const written = writeJson(map[key], style, budget, inner);
    return written === undefined ? undefined : quoteJson(key, style) + colon + written;
  });
  return items.includes(undefined) ? undefined : enclose(['{', '}'], items, { style, margin, budget });
}

function enclose(
  [open, close]: readonly [string, string],
  items: readonly (string | undefined)[],
  { style, margin, budget }: { readonly style: JsonStyle; readonly margin: string; readonly budget: Budget },
): string {
  if (items.length === 0) return open + close;
  const newLine = style.indent === '' ? '' : `\n${margin}`;
  const written = open + newLine + style.indent + items.join(`,${newLine}${style.indent}`) + newLine + close;
  budget.checkLength(written.length);
  return written;
}
