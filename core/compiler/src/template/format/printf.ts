import type { Budget } from '../budget.ts';
import { listKeys } from '../map-entries.ts';
import {
  findEntry,
  isList,
  type TemplateList,
  type TemplateMap,
  TemplateObject,
  type TemplateValue,
  typeName,
} from '../template-value.ts';
import { printCollection, printValue } from './print-value.ts';
import { type Directive, DirectiveReader } from './printf-directive.ts';
import { formatBoolean, formatFloatDirective, formatInteger, formatText, pad } from './printf-scalars.ts';

/** Go's `fmt.Sprintf`: what cannot be served is written into the output as Go does (`%!d(string=x)`), never thrown. */
export function formatPrintf(format: string, args: TemplateList, budget: Budget): string {
  const reader = new DirectiveReader(format, args);
  let output = '';
  for (let text = reader.readText(); text !== undefined; text = reader.readText()) {
    budget.countStep();
    const parsed = reader.readDirective();
    output += text + (parsed?.text ?? '');
    if (parsed?.request) output += formatDirective(parsed.request.directive, parsed.request.value, budget);
    budget.checkLength(output.length);
  }
  return output + formatUnused(reader.unusedArguments(), budget);
}

function formatUnused(unused: TemplateList, budget: Budget): string {
  if (unused.length === 0) return '';
  const listed = unused.map((value) =>
    isNil(value) ? '<nil>' : `${typeName(value)}=${printValue(value, budget)}`,
  );
  return `%!(EXTRA ${listed.join(', ')})`;
}

function formatDirective(directive: Directive, value: TemplateValue, budget: Budget): string {
  if (directive.verb === 'T') return formatText({ ...directive, verb: 's' }, typeName(value)) ?? '';
  if (isNil(value))
    return directive.verb === 'v' ? pad(directive, '<nil>') : formatBadVerb(directive, value, budget);
  return formatValue(directive, value, budget);
}

function formatValue(directive: Directive, value: TemplateValue, budget: Budget): string {
  if (isNil(value)) return directive.goSyntax ? 'interface {}(nil)' : '<nil>';
  if (value instanceof TemplateObject) return formatObject(directive, value, budget);
  if (typeof value !== 'object')
    return formatScalar(directive, value) ?? formatBadVerb(directive, value, budget);
  const format = (item: TemplateValue): string => formatValue(directive, item, budget);
  return directive.goSyntax ? formatGoSyntax(value, format, budget) : printCollection(value, format, budget);
}

// Every such object of Go has a String method, which text verbs use; its fields are nobody's business.
function formatObject(directive: Directive, value: TemplateObject, budget: Budget): string {
  return (
    formatText({ ...directive, goSyntax: false }, value.print()) ?? formatBadVerb(directive, value, budget)
  );
}

/** Undefined when the verb is not one of the value's. */
function formatScalar(directive: Directive, value: boolean | string | bigint | number): string | undefined {
  switch (typeof value) {
    case 'string':
      return formatText(directive, value);
    case 'bigint':
      return formatInteger(directive, value);
    case 'number':
      return formatFloatDirective(directive, value);
    default:
      return formatBoolean(directive, value);
  }
}

function formatGoSyntax(
  value: TemplateList | TemplateMap,
  format: (item: TemplateValue) => string,
  budget: Budget,
): string {
  const items = isList(value)
    ? value.map(format)
    : listKeys(value, budget).map((key) => `${JSON.stringify(key)}:${format(findEntry(value, key))}`);
  const text = items.join(', ');
  budget.checkLength(text.length);
  return `${typeName(value)}{${text}}`;
}

// Go prints the value itself with the directive's width and flags but the verb v.
function formatBadVerb(directive: Directive, value: TemplateValue, budget: Budget): string {
  if (isNil(value)) return `%!${directive.verb}(<nil>)`;
  const shown = formatValue({ ...directive, verb: 'v' }, value, budget);
  return `%!${directive.verb}(${typeName(value)}=${shown})`;
}

function isNil(value: TemplateValue): value is null | undefined {
  return value === null || value === undefined;
}
