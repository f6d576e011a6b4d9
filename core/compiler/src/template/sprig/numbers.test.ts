import { expect, it } from 'vitest';
import { findTemplateError, renderTemplate } from '../../testing/render-template.ts';

it.each([
  ['add 1 "2" 3.9 true nil', '7'],
  ['sub 1 3', '-2'],
  ['mul 2 3 4', '24'],
  ['div 7 2', '3'],
  ['mod -7 3', '-1'],
  ['add1 9223372036854775807', '-9223372036854775808'],
  ['max 1 5 3', '5'],
  ['biggest 1 5 3', '5'],
  ['min 4 2 3', '2'],
  ['atoi "42"', '42'],
  ['atoi "4x"', '0'],
  ['atoi "99999999999999999999"', '9223372036854775807'],
  ['int "0x10"', '16'],
  ['int "1.0"', '1'],
  ['int "1.5"', '0'],
  ['int "1."', '0'],
  ['toDecimal "0755"', '493'],
  ['toDecimal "9"', '0'],
  ['addf 0.1 0.2', '0.3'],
  ['add1f 1.5', '2.5'],
  ['subf 1 0.9', '0.1'],
  ['mulf 1.1 1.1', '1.21'],
  ['divf 10 4', '2.5'],
  ['divf 2 3', '0.6666666666666667'],
  ['divf -1 3', '-0.3333333333333333'],
  ['maxf 1 2.5', '2.5'],
  ['minf 1 "0.5"', '0.5'],
  ['floor 1.9', '1'],
  ['ceil 1.1', '2'],
  ['round 123.555555 3', '123.556'],
  ['round 1.4 0 0.3', '2'],
  ['round -2.5 0', '-3'],
  ['float64 "1_000.5"', '1000.5'],
  ['float64 "0x1p4"', '16'],
  ['float64 "-inf"', '-Inf'],
  ['float64 "1e999"', '0'],
  ['float64 "x"', '0'],
])('%s is %s', (expression, expected) => {
  expect(renderTemplate(`{{${expression}}}`)).toBe(expected);
});

it.each([
  ['div 1 0', 'division by zero'],
  ['mod 1 "x"', 'division by zero'],
  ['divf 1 0', 'division by zero'],
  ['addf 1 "nan"', 'decimals know no NaN'],
  ['atoi 5', 'expected string; got int'],
])('%s fails: %s', (expression, message) => {
  expect(findTemplateError(`{{${expression}}}`)?.message).toContain(message);
});
