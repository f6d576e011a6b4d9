import type { Budget } from '../budget.ts';
import { printAll, printValue } from '../format/print-value.ts';
import { formatPrintf } from '../format/printf.ts';
import { isPrintable } from '../format/quote.ts';
import { isTrue, NO_VALUE, type TemplateValue } from '../template-value.ts';
import { any, defineFunction, defineVariadic, type TemplateFunction, text } from './template-function.ts';

/** Go's `not print println printf html js urlquery`. */
export const printingFunctions: readonly TemplateFunction[] = [
  defineFunction('not', [any], (value) => !isTrue(value)),
  defineVariadic('print', [], any, (values, budget) => printAll(values, budget)),
  defineVariadic(
    'println',
    [],
    any,
    (values, budget) => `${values.map((value) => printValue(value, budget)).join(' ')}\n`,
  ),
  defineVariadic('printf', [text], any, (format, values, budget) => formatPrintf(format, values, budget)),
  defineVariadic('html', [], any, (values, budget) => escapeHtml(printEscapable(values, budget))),
  defineVariadic('js', [], any, (values, budget) => escapeJavaScript(printEscapable(values, budget))),
  defineVariadic('urlquery', [], any, (values, budget) => escapeQuery(printEscapable(values, budget))),
];

// Unlike print, the escaping functions write nil as an action does.
function printEscapable(values: readonly TemplateValue[], budget: Budget): string {
  return printAll(
    values.map((value) => value ?? NO_VALUE),
    budget,
  );
}

const HTML_ESCAPES: Readonly<Record<string, string>> = {
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\0': '\ufffd',
};

function escapeHtml(value: string): string {
  return value.replace(/["'&<>\0]/g, (character) => HTML_ESCAPES[character] ?? character);
}

function escapeJavaScript(value: string): string {
  return [...value].map(escapeJavaScriptCharacter).join('');
}

function escapeJavaScriptCharacter(character: string): string {
  if ('\\\'"'.includes(character)) return `\\${character}`;
  const codePoint = character.codePointAt(0) ?? 0;
  const isPlain = codePoint >= 0x20 && isPrintable(character) && !'<>&='.includes(character);
  return isPlain ? character : `\\u${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
}

function escapeQuery(value: string): string {
  return encodeURIComponent(value.toWellFormed())
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}
