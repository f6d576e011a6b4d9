import { expect, test } from 'vitest';
import { formatHandshake, isStartedByHost, magicCookie, negotiateVersion } from './handshake.ts';

test('the line is six fields without spaces, the last one empty', () => {
  const line = formatHandshake({ version: 1, network: 'unix', address: '/tmp/plugin1', certificate: '' });
  expect(line).toBe('1|1|unix|/tmp/plugin1|grpc|\n');
});

test('only the exact cookie proves a host', () => {
  expect(isStartedByHost({ [magicCookie.key]: magicCookie.value })).toBe(true);
  expect(isStartedByHost({ [magicCookie.key]: `${magicCookie.value} ` })).toBe(false);
  expect(isStartedByHost({})).toBe(false);
});

test.each([
  ['1', [1], 1],
  ['1,2', [1, 2], 2],
  ['2,1', [1], 1],
  ['a,1', [1], 1],
])('of the offers %j and our %j the highest in common is %i', (offered, spoken, expected) => {
  expect(negotiateVersion(offered, spoken)).toBe(expected);
});

test.each([
  ['nothing offered', undefined],
  ['an empty offer', ''],
  ['no version in common', '5,7'],
])('announces its lowest version for %s, leaving the refusal to the host', (_, offered) => {
  expect(negotiateVersion(offered, [2, 1, 3])).toBe(1);
});
