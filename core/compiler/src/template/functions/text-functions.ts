import type { Budget } from '../budget.ts';
import { byteLength, sliceBytes } from '../bytes.ts';
import { printValue } from '../format/print-value.ts';
import { quoteString } from '../format/quote.ts';
import type { TemplateValue } from '../template-value.ts';
import { replaceAllText, toLower, toUpper, trimCutset, trimSpace } from '../text.ts';
import {
  any,
  callFault,
  defineFunction,
  defineVariadic,
  integer,
  type TemplateFunction,
  text,
} from './template-function.ts';

/** Sprig's string functions: the text comes last, so that it can be piped in. */
export const textFunctions: readonly TemplateFunction[] = [
  defineFunction('trim', [text], trimSpace),
  ...['trimAll', 'trimall'].map((name) =>
    defineFunction(name, [text, text], (cutset, value) => trimCutset(value, cutset)),
  ),
  defineFunction('trimPrefix', [text, text], (prefix, value) =>
    value.startsWith(prefix) ? value.slice(prefix.length) : value,
  ),
  defineFunction('trimSuffix', [text, text], (suffix, value) =>
    value.endsWith(suffix) ? value.slice(0, value.length - suffix.length) : value,
  ),
  defineFunction('upper', [text], toUpper),
  defineFunction('lower', [text], toLower),
  defineFunction('contains', [text, text], (part, value) => value.includes(part)),
  defineFunction('hasPrefix', [text, text], (prefix, value) => value.startsWith(prefix)),
  defineFunction('hasSuffix', [text, text], (suffix, value) => value.endsWith(suffix)),
  defineFunction('replace', [text, text, text], (old, replacement, value, budget) =>
    replaceAllText({ value, old, replacement }, budget),
  ),
  defineFunction('trunc', [integer, text], (count, value) => truncate(value, Number(count))),
  defineFunction('substr', [integer, integer, text], (start, end, value) =>
    substring(value, Number(start), Number(end)),
  ),
  defineFunction('repeat', [integer, text], (count, value, budget) => repeat(value, Number(count), budget)),
  defineFunction('nospace', [text], (value) => value.replace(/[\s\u0085]/gu, '')),
  defineFunction('indent', [integer, text], (spaces, value, budget) => indent(value, spaces, budget)),
  defineFunction('nindent', [integer, text], (spaces, value, budget) => `\n${indent(value, spaces, budget)}`),
  defineFunction('toString', [any], (value, budget) => printValue(value, budget)),
  defineVariadic('quote', [], any, (values, budget) =>
    joinPresent(values, (value) => quoteString(printValue(value, budget))),
  ),
  defineVariadic('squote', [], any, (values, budget) =>
    joinPresent(values, (value) => `'${printValue(value, budget)}'`),
  ),
  defineVariadic('cat', [], any, (values, budget) =>
    joinPresent(values, (value) => printValue(value, budget)),
  ),
];

// Sprig's functions of several values pass over nil.
function joinPresent(values: readonly TemplateValue[], print: (value: TemplateValue) => string): string {
  return values
    .filter((value) => value !== null)
    .map(print)
    .join(' ');
}

function truncate(value: string, count: number): string {
  const length = byteLength(value);
  if (count < 0 && length + count > 0) return sliceBytes(value, length + count, length);
  return count >= 0 && length > count ? sliceBytes(value, 0, count) : value;
}

function substring(value: string, start: number, end: number): string {
  const length = byteLength(value);
  if (start < 0) return sliceBytes(value, 0, requireWithin(end, length));
  if (end < 0 || end > length) return sliceBytes(value, requireWithin(start, length), length);
  return sliceBytes(value, requireWithin(start, end), end);
}

function requireWithin(offset: number, length: number): number {
  if (offset < 0 || offset > length)
    throw callFault(`offset ${offset} lies outside the ${length} bytes of the text`);
  return offset;
}

function repeat(value: string, count: number, budget: Budget): string {
  if (count < 0) throw callFault(`cannot repeat a text ${count} times`);
  budget.checkLength(value.length * count);
  return value.repeat(count);
}

function indent(value: string, spaces: bigint, budget: Budget): string {
  const margin = repeat(' ', Number(spaces), budget);
  return margin + replaceAllText({ value, old: '\n', replacement: `\n${margin}` }, budget);
}
