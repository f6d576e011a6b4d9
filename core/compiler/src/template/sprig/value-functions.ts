import {
  any,
  callFault,
  defineFunction,
  defineVariadic,
  flag,
  type TemplateFunction,
  text,
} from '../functions/template-function.ts';
import { copyValue } from '../map-entries.ts';
import { isList, isMap, isTrue, TemplateObject, type TemplateValue, typeName } from '../template-value.ts';
import { isDeepEqual } from './deep-equal.ts';
import { withMust } from './with-must.ts';

/** Sprig's functions of any value: defaults, choices, kinds and `fail`. */
export const valueFunctions: readonly TemplateFunction[] = [
  defineVariadic('default', [any], any, (fallback, given) => (isTrue(given[0]) ? given[0] : fallback)),
  defineFunction('empty', [any], (value) => !isTrue(value)),
  defineVariadic('coalesce', [], any, (values) => values.find(isTrue) ?? null),
  defineVariadic('all', [], any, (values) => values.every(isTrue)),
  defineVariadic('any', [], any, (values) => values.some(isTrue)),
  defineFunction('ternary', [any, any, flag], (whenTrue, whenFalse, condition) =>
    condition ? whenTrue : whenFalse,
  ),
  defineFunction('typeOf', [any], typeName),
  defineFunction('typeIs', [text, any], (name, value) => name === typeName(value)),
  defineFunction('typeIsLike', [text, any], (name, value) => [name, `*${name}`].includes(typeName(value))),
  defineFunction('kindOf', [any], toKind),
  defineFunction('kindIs', [text, any], (kind, value) => kind === toKind(value)),
  defineFunction('deepEqual', [any, any], isDeepEqual),
  ...withMust([
    defineFunction('deepCopy', [any], (value, budget) => {
      if (value === null)
        throw callFault('there is nothing to copy', 'give a missing key a value with default');
      return copyValue(value, budget);
    }),
  ]),
  defineFunction('fail', [text], (message) => {
    throw callFault(message);
  }),
  defineFunction('hello', [], () => 'Hello!'),
];

function toKind(value: TemplateValue): string {
  if (value === null || value === undefined) return 'invalid';
  if (isList(value)) return 'slice';
  if (isMap(value)) return 'map';
  return value instanceof TemplateObject ? value.goKind : typeName(value);
}
