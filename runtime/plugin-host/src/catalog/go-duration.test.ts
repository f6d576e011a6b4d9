import { expect, test } from 'vitest';
import { parseGoDuration } from './go-duration.ts';

test.each([
  ['24h', 86_400n, 0],
  ['1h30m', 5400n, 0],
  ['-1h30m', -5400n, 0],
  ['1.5s', 1n, 500_000_000],
  ['-250ms', 0n, -250_000_000],
  ['1M', 2_592_000n, 0],
  ['2M12h', 5_227_200n, 0],
  ['0', 0n, 0],
])('%s is %i s and %i ns', (text, seconds, nanos) => {
  expect(parseGoDuration(text)).toEqual({ seconds, nanos });
});

test.each(['', '24', 'h', '1d', '1h junk', '{{.X}}'])('%j is no duration', (text) => {
  expect(parseGoDuration(text)).toBeUndefined();
});
