import {
  any,
  callFault,
  defineFunction,
  defineVariadic,
  integer,
  type Parameter,
  type TemplateFunction,
} from '../functions/template-function.ts';
import { parseNumber } from '../literal.ts';
import type { TemplateValue } from '../template-value.ts';
import {
  addDecimals,
  type Decimal,
  divideDecimals,
  multiplyDecimals,
  toDecimal,
  toNumber,
} from './decimal.ts';

const float: Parameter<number> = {
  expects: 'float64',
  read: (value) => (typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined),
};

/** Sprig's floats: what is no number counts as 0, and sums are those of decimals, so that 0.1 and 0.2 make 0.3. */
export const floatFunctions: readonly TemplateFunction[] = [
  defineFunction('float64', [any], toFloat),
  defineFunction('floor', [any], (value) => Math.floor(toFloat(value))),
  defineFunction('ceil', [any], (value) => Math.ceil(toFloat(value))),
  defineVariadic('round', [any, integer], float, (value, places, [roundOn = 0.5]) =>
    round(toFloat(value), Number(places), roundOn),
  ),
  defineVariadic('maxf', [any], any, (first, others) => Math.max(...[first, ...others].map(toFloat))),
  defineVariadic('minf', [any], any, (first, others) => Math.min(...[first, ...others].map(toFloat))),
  defineFunction('add1f', [any], (value) => fold(value, [1n], addDecimals)),
  defineVariadic('addf', [], any, (values) => fold(0n, values, addDecimals)),
  defineVariadic('subf', [any], any, (first, others) =>
    fold(first, others, (a, b) => addDecimals(a, { ...b, digits: -b.digits })),
  ),
  defineVariadic('mulf', [any], any, (first, others) => fold(first, others, multiplyDecimals)),
  defineVariadic('divf', [any], any, (first, others) =>
    fold(first, others, (a, b) => {
      if (b.digits === 0n) throw callFault('division by zero');
      return divideDecimals(a, b);
    }),
  ),
];

function fold(
  first: TemplateValue,
  others: readonly TemplateValue[],
  operate: (a: Decimal, b: Decimal) => Decimal,
): number {
  return toNumber(
    others.reduce<Decimal>((result, value) => operate(result, readDecimal(value)), readDecimal(first)),
  );
}

function readDecimal(value: TemplateValue): Decimal {
  const number = toFloat(value);
  if (!Number.isFinite(number)) throw callFault('decimals know no NaN and no infinity');
  return toDecimal(number);
}

function toFloat(value: TemplateValue): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'string' ? parseFloatText(value) : 0;
}

const DECIMAL = /^[+-]?(?:\d(?:_?\d)*(?:\.(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*)(?:e[+-]?\d+)?$/i;

// Go's ParseFloat: decimal, hexadecimal with an exponent, and the words of what is not finite.
function parseFloatText(value: string): number {
  if (DECIMAL.test(value)) {
    const parsed = Number(value.replaceAll('_', ''));
    return Number.isFinite(parsed) ? parsed : 0;
  }
  if (/^[+-]?0x/i.test(value) && /p/i.test(value)) return Number(parseNumber(value) ?? 0);
  if (/^[+-]?inf(?:inity)?$/i.test(value)) {
    return value.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  return /^nan$/i.test(value) ? Number.NaN : 0;
}

// Up from `roundOn` of the last place on, down below it: so negative values round towards less.
function round(value: number, places: number, roundOn: number): number {
  const scale = 10 ** places;
  const scaled = value * scale;
  const rest = scaled - Math.trunc(scaled);
  return (rest >= roundOn ? Math.ceil(scaled) : Math.floor(scaled)) / scale;
}
