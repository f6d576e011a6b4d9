import { expect, it } from 'vitest';
import { parseQuantity } from './quantity.ts';

it.each([
  ['1', 1],
  ['250m', 0.25],
  ['0.5', 0.5],
  ['64Mi', 67_108_864],
  ['2Gi', 2_147_483_648],
  ['128M', 128_000_000],
  ['1e3', 1000],
])('%s is %d', (text, value) => {
  expect(parseQuantity(text)).toBe(value);
});

it.each(['', 'much', '1 GiB', '-1', '5Xi', '1.5.5'])(
  '%j is no quantity, and the error says how one is written',
  (text) => {
    expect(() => parseQuantity(text)).toThrow('is not a number with a unit');
  },
);
