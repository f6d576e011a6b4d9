import { toSuggestion } from '@optimus/domain';
import type { MissingValueWarning } from '../template/evaluator.ts';
import { isMap, type TemplateMap } from '../template/template-value.ts';

const KEY_PATH = /^\$?\.(?:(secret|proj|inst|task)\.)?([\p{L}_][\p{L}\p{Nd}_]*)$/u;

/** A missing value as one sentence that names place and expression, and the key that was probably meant. */
export function describeWarning(warning: MissingValueWarning, data: TemplateMap): string {
  const { file, line, column, expression } = warning;
  const suggestion = findMeantKey(expression, data);
  return `${file}:${line}:${column}: {{${expression}}} has no value and was written as "<no value>"${suggestion}`;
}

/** The same before any run, without the place. */
export function describeMissing({ expression }: MissingValueWarning, data: TemplateMap): string {
  return `{{${expression}}} has no value and will be written as "<no value>"${findMeantKey(expression, data)}`;
}

function findMeantKey(expression: string, data: TemplateMap): string {
  const [, group, key] = KEY_PATH.exec(expression.trim()) ?? [];
  if (key === undefined) return '';
  const known = group === undefined ? data : data[group];
  // The dot may be another one, in a `with` or a part: the very same name is no mend.
  return isMap(known) && !Object.hasOwn(known, key) ? toSuggestion(key, Object.keys(known)) : '';
}
