import { expect, it } from 'vitest';
import { makeJobSpec } from '../testing/job-fixtures.ts';
import { toCanonicalJson, toJobContentHash } from './job-content-hash.ts';
import type { JobSpec } from './job-spec.ts';

function reverseKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reverseKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reverseKeys(inner)]),
  );
}

it('is stable under the order of keys', () => {
  const spec = makeJobSpec({ labels: { b: '2', a: '1' }, assets: { 'z.sql': 'z', 'a.sql': 'a' } });
  expect(toJobContentHash(reverseKeys(spec) as JobSpec)).toBe(toJobContentHash(spec));
});

it('does not tell an absent field from an undefined one', () => {
  expect(toCanonicalJson({ a: undefined, b: 1 })).toBe(toCanonicalJson({ b: 1 }));
});

it('changes with any value and with the order of a list', () => {
  const config = [
    { name: 'A', value: '1' },
    { name: 'B', value: '2' },
  ];
  const spec = makeJobSpec();
  const one = { ...spec, task: { ...spec.task, config } };
  const other = { ...spec, task: { ...spec.task, config: config.toReversed() } };
  const hashes = [spec, one, other, makeJobSpec({ assets: { 'a.sql': ' ' } })].map(toJobContentHash);
  expect(new Set(hashes).size).toBe(4);
});

it('writes keys that look like numbers in one order', () => {
  expect(toCanonicalJson({ labels: { 10: 'a', 9: 'b' } })).toBe(
    toCanonicalJson({ labels: { 9: 'b', 10: 'a' } }),
  );
});
