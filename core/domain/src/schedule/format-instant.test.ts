import { expect, it } from 'vitest';
import { formatInstant } from './format-instant.ts';

it.each([
  ['2022-09-19T02:00:00.000Z', '2022-09-19T02:00:00Z'],
  ['2022-09-19T02:00:00.250Z', '2022-09-19T02:00:00.250Z'],
])('tells %s as %s', (instant, told) => {
  expect(formatInstant(new Date(instant))).toBe(told);
});
