import { parseNumber } from '../literal.ts';
import type { TemplateValue } from '../template-value.ts';
import {
  any,
  callFault,
  defineFunction,
  defineVariadic,
  type TemplateFunction,
} from './template-function.ts';

/** Sprig's integer arithmetic: everything is made an int64 first, what is no number counts as 0, and sums wrap around. */
export const numberFunctions: readonly TemplateFunction[] = [
  defineVariadic('add', [], any, (values) =>
    toInt64(values.reduce<bigint>((sum, value) => sum + toInteger(value), 0n)),
  ),
  defineFunction('add1', [any], (value) => toInt64(toInteger(value) + 1n)),
  defineFunction('sub', [any, any], (a, b) => toInt64(toInteger(a) - toInteger(b))),
  defineVariadic('mul', [any], any, (first, others) =>
    others.reduce<bigint>((product, value) => toInt64(product * toInteger(value)), toInteger(first)),
  ),
  defineFunction('div', [any, any], (a, b) => toInt64(toInteger(a) / requireDivisor(toInteger(b)))),
  defineFunction('mod', [any, any], (a, b) => toInteger(a) % requireDivisor(toInteger(b))),
  defineVariadic('max', [any], any, (first, others) => pick(first, others, (a, b) => a > b)),
  defineVariadic('min', [any], any, (first, others) => pick(first, others, (a, b) => a < b)),
  defineFunction('int', [any], toInteger),
  defineFunction('int64', [any], toInteger),
  defineFunction('atoi', [any], (value) =>
    typeof value === 'string' && /^[+-]?\d+$/.test(value) ? toInt64(BigInt(value)) : 0n,
  ),
];

function pick(
  first: TemplateValue,
  others: readonly TemplateValue[],
  isBetter: (a: bigint, b: bigint) => boolean,
): bigint {
  return others
    .map(toInteger)
    .reduce((best, value) => (isBetter(value, best) ? value : best), toInteger(first));
}

function requireDivisor(value: bigint): bigint {
  if (value === 0n) throw callFault('division by zero');
  return value;
}

/** Sprig's conversion: what is no number counts as 0. */
export function toInteger(value: TemplateValue): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'string') return textToInteger(value);
  return typeof value === 'number' && Number.isFinite(value) ? toInt64(BigInt(Math.trunc(value))) : 0n;
}

// `"08"` is a broken octal number for Go and therefore 0, as every text that is no integer.
function textToInteger(value: string): bigint {
  const parsed = parseNumber(value.replace(/\.0*$/, ''));
  return typeof parsed === 'bigint' ? parsed : 0n;
}

function toInt64(value: bigint): bigint {
  return BigInt.asIntN(64, value);
}
