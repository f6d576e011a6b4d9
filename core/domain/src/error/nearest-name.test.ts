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
