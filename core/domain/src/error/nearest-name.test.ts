import { expect, it } from 'vitest';
import { findNearestName, toSuggestion } from './nearest-name.ts';

const names = ['window', 'schedule', 'behavior', 'neo'];

it.each([
  ['widnow', 'window'],
  ['WINDOW', 'window'],
  ['shedule', 'schedule'],
  ['behaviour', 'behavior'],
  ['noe', 'neo'],
])('takes "%s" for "%s"', (typed, meant) => {
  expect(findNearestName(typed, names)).toBe(meant);
});

it('prefers the nearer of two candidates', () => {
  expect(findNearestName('cat', ['cart', 'cat-1', 'car'])).toBe('cart');
  expect(findNearestName('jobs', ['jog', 'job'])).toBe('job');
});

it('suggests nothing for a name that resembles none', () => {
  expect(findNearestName('dependencies', names)).toBeUndefined();
  expect(toSuggestion('x', [])).toBe('');
});

it('ends a sentence with the suggestion', () => {
  expect(toSuggestion('widnow', names)).toBe(', did you mean "window"?');
});

it('answers at once for names of a megabyte, on either side', () => {
  const long = 'a'.repeat(1_000_000);
  const before = performance.now();
  expect(findNearestName(long, [long.slice(1), ...names])).toBeUndefined();
  expect(findNearestName('aaaa', [long])).toBeUndefined();
  // Far above what it takes: this fails for a comparison letter by letter, which needs hours, not for a busy machine.
  expect(performance.now() - before).toBeLessThan(5_000);
});

it('does not compare what differs in length by more than a third', () => {
  expect(findNearestName('ab', ['abcd'])).toBeUndefined();
  expect(findNearestName('abcdef', ['abcdefgh'])).toBe('abcdefgh');
});
