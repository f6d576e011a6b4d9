import { makeJobSpec } from '@optimus/domain/testing';
import { expect, it } from 'vitest';
import { VersionCache } from './version-cache.ts';

const task = { ...makeJobSpec().task, config: [] };
const spec = makeJobSpec({ task, assets: { 'a.sql': 'x'.repeat(1000) } });
const bytes = 2 * JSON.stringify(spec).length;

it('keeps what fits, and lets go first of what was not asked for the longest', () => {
  const cache = new VersionCache(2 * bytes);
  cache.keep('1', spec);
  cache.keep('2', spec);
  expect(cache.find('1')).toBe(spec);
  cache.keep('3', spec);
  expect(['1', '2', '3'].map((id) => cache.find(id) !== undefined)).toEqual([true, false, true]);
});

it('keeps nothing that is larger than all of it', () => {
  const cache = new VersionCache(bytes - 1);
  cache.keep('1', spec);
  expect(cache.find('1')).toBeUndefined();
});

it('counts what is parsed of templates', () => {
  const cache = new VersionCache(2 * bytes);
  cache.keep('1', makeJobSpec({ task, assets: { 'a.sql': `{{.DSTART}}${'x'.repeat(1000)}` } }));
  expect(cache.find('1')).toBeUndefined();
});

it('counts a version once, however often it is kept', () => {
  const cache = new VersionCache(2 * bytes);
  for (let count = 0; count < 5; count += 1) cache.keep('1', spec);
  cache.keep('2', spec);
  expect(cache.find('1')).toBe(spec);
});
