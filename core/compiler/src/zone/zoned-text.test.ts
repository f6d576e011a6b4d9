import { expect, it } from 'vitest';
import { toZonedText } from './zoned-text.ts';

it.each([
  ['', '2023-12-01T03:00:00Z'],
  ['Asia/Jakarta', '2023-12-01T10:00:00+07:00'],
  ['Nowhere/Land', '2023-12-01T03:00:00Z'],
])('an instant is written by the clock of %j', (location, text) => {
  expect(toZonedText(new Date('2023-12-01T03:00:00Z'), location)).toBe(text);
});
