import { expect, test } from 'vitest';
import { listCandidateDialects } from './dialect.ts';

const names = (services: ReadonlyArray<string> | undefined) =>
  listCandidateDialects(services).map(({ name }) => name);

test('a plugin that lists its services is spoken to in what it serves, the newer first', () => {
  const both = ['odpf.optimus.plugins.Base', 'odpf.optimus.plugins.v1beta1.BaseService', 'plugin.GRPCStdio'];
  expect(names(both)).toEqual(['odpf.optimus.plugins.v1beta1', 'odpf.optimus.plugins']);
  expect(names(['odpf.optimus.plugins.Base'])).toEqual(['odpf.optimus.plugins']);
});

test('one that serves neither is no plugin of ours', () => {
  expect(names(['plugin.GRPCStdio', 'proto.KV'])).toEqual([]);
});

test('without a list each is tried', () => {
  expect(names(undefined)).toHaveLength(2);
});
