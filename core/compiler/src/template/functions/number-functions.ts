import { printValue } from '../format/print-value.ts';
import { parseNumber } from '../literal.ts';
import type { TemplateValue } from '../template-value.ts';
import {
  any,
  callFault,
  defineFunction,
  defineVariadic,
  type TemplateFunction,
  text,
} from './template-function.ts';

/** Bounds the arithmetic on what cannot fit 64 bits anyway. */
const LONGEST_INTEGER = 100;

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
  ...['max', 'biggest'].map((name) =>
    defineVariadic(name, [any], any, (first, others) => pick(first, others, (a, b) => a > b)),
  ),
  defineVariadic('min', [any], any, (first, others) => pick(first, others, (a, b) => a < b)),
  defineFunction('int', [any], toInteger),
  defineFunction('int64', [any], toInteger),
  defineFunction('atoi', [text], parseDecimalInteger),
  defineFunction('toDecimal', [any], (value, budget) => parseOctal(printValue(value, budget))),
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
  const parsed = parseNumber(value.replace(/\.0+$/, ''));
  return typeof parsed === 'bigint' ? parsed : 0n;
}

const LEAST = -(2n ** 63n);
const GREATEST = 2n ** 63n - 1n;

/** Go's Atoi as sprig uses it, the error unread: 0 for what is no number, the nearest integer there is beyond 64 bits. */
export function parseDecimalInteger(value: string): bigint {
  if (!/^[+-]?\d+$/.test(value)) return 0n;
  const parsed = BigInt(value.slice(0, LONGEST_INTEGER).replace(/^\+/, ''));
  return parsed < LEAST ? LEAST : parsed > GREATEST ? GREATEST : parsed;
}

function parseOctal(value: string): bigint {
  if (value.length > LONGEST_INTEGER || !/^[+-]?[0-7]+$/.test(value)) return 0n;
  const magnitude = BigInt(`0o${value.replace(/^[+-]/, '')}`);
  const parsed = value.startsWith('-') ? -magnitude : magnitude;
  return parsed < LEAST || parsed > GREATEST ? 0n : parsed;
}

function toInt64(value: bigint): bigint {
  return BigInt.asIntN(64, value);
}
