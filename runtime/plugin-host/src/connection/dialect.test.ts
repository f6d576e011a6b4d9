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

test('one that only resolves dependencies is spoken to under the name of its maker', () => {
  for (const maker of ['odpf', 'raystack', 'gotocompany']) {
    const name = `${maker}.optimus.plugins.v1beta1`;
    expect(names([`${name}.DependencyResolverModService`])).toEqual([name]);
  }
});

test('without a list each is tried, those that say most of themselves first', () => {
  expect(names(undefined)).toEqual([
    'odpf.optimus.plugins.v1beta1',
    'odpf.optimus.plugins',
    'raystack.optimus.plugins.v1beta1',
    'gotocompany.optimus.plugins.v1beta1',
    'odpf.optimus.plugins.v1beta1',
  ]);
});
