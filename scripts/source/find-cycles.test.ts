import { expect, test } from 'vitest';
import { findCycles } from './find-cycles.ts';

function cyclesOf(graph: Readonly<Record<string, readonly string[]>>): readonly (readonly string[])[] {
  return findCycles(new Map(Object.entries(graph)));
}

test('finds none in a tree, nor where two ways lead to one place', () => {
  expect(cyclesOf({ a: ['b', 'c'], b: ['d'], c: ['d'], d: [] })).toEqual([]);
});

test('finds each ring once, whatever hangs on it', () => {
  expect(cyclesOf({ a: ['b'], b: ['c'], c: ['b', 'd'], d: ['e'], e: ['d', 'f'], f: [] })).toEqual([
    ['b', 'c'],
    ['d', 'e'],
  ]);
});

test('takes rings that share a member for one', () => {
  expect(cyclesOf({ a: ['b', 'c'], b: ['a'], c: ['a'] })).toEqual([['a', 'b', 'c']]);
});

test('finds what points at itself', () => {
  expect(cyclesOf({ a: ['a'] })).toEqual([['a']]);
});

test('ignores edges to nodes it was not given', () => {
  expect(cyclesOf({ a: ['elsewhere'] })).toEqual([]);
});
