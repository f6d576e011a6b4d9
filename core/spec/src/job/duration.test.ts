import { expect, it } from 'vitest';
import { formatDuration, parseDurationMs } from './duration.ts';

it.each([
  ['5m', 300_000],
  ['1h30m', 5_400_000],
  ['1.5s', 1_500],
  ['250ms', 250],
  ['0', 0],
  ['0s', 0],
])('reads %s as %i ms', (text, ms) => {
  expect(parseDurationMs(text)).toBe(ms);
});

it.each(['', '5', 'm', '-5m', '5 m', '5min', '1h-5m', '1d'])('refuses %j', (text) => {
  expect(parseDurationMs(text)).toBeUndefined();
});

it.each([0, 1, 250, 1_500, 60_000, 5_400_000, 86_400_000])('writes %i ms so that it reads back', (ms) => {
  expect(parseDurationMs(formatDuration(ms))).toBe(ms);
});
