import { expect, it } from 'vitest';
import { parseAssets, parseConfig } from './parsed-templates.ts';

const config = [{ name: 'A', value: '{{.x}}' }];

it('parses the same assets once, and equal ones for themselves', () => {
  const assets = { 'a.sql': '{{.x}}' };
  expect(parseAssets(assets)).toBe(parseAssets(assets));
  expect(parseAssets({ ...assets })).not.toBe(parseAssets(assets));
});

it('keeps nothing of one rendering for the next', () => {
  const set = parseAssets({ 'a.sql': '{{$_ := set .m "k" .x}}{{.m.k}}' });
  expect(set.render({ x: 'one', m: {} }).files['a.sql']).toBe('one');
  expect(set.render({ x: 'two', m: {} }).files['a.sql']).toBe('two');
});

it('parses the same configuration once, and again for another owner: errors name it', () => {
  expect(parseConfig('task.a', config)).toBe(parseConfig('task.a', config));
  expect(parseConfig('hook.b', config)).not.toBe(parseConfig('task.a', config));
  const broken = [{ name: 'B', value: '{{.x' }];
  expect(() => parseConfig('task.a', broken)).toThrow('task.a.config.B');
  expect(() => parseConfig('hook.b', broken)).toThrow('hook.b.config.B');
});
