import { expect, test } from 'vitest';
import { renderDestination } from './render-destination.ts';

const template = 'bigquery://<PROJECT>:<DATASET>.<TABLE>';
const toConfig = (config: Readonly<Record<string, string>>) =>
  Object.entries(config).map(([name, value]) => ({ name, value }));

test('puts the configuration into its places', () => {
  const config = toConfig({ PROJECT: 'p', DATASET: 'd', TABLE: 't$1', OTHER: 'x' });
  expect(renderDestination(template, config)).toEqual({ kind: 'urn', urn: 'bigquery://p:d.t$1' });
});

test('names each key once that the configuration lacks', () => {
  expect(renderDestination(`${template}/<TABLE>`, toConfig({ PROJECT: 'p', DATASET: '' }))).toEqual({
    kind: 'missing',
    keys: ['DATASET', 'TABLE'],
  });
});
