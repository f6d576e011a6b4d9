import { expect, it } from 'vitest';
import type { AssetSource } from './plugin-description.ts';
import { readSourceTexts } from './read-source-texts.ts';

const job = {
  config: [{ name: 'SQL', value: 'select 1' }],
  assets: [
    { name: 'query.sql', value: 'select 2' },
    { name: 'steps.yaml', value: 'steps:\n  - query: select 3\n  - query: select 4\n  - wait: 5\n' },
    { name: 'broken.yaml', value: 'a: [' },
  ],
};

function read(source: Partial<AssetSource>): readonly string[] {
  const whole = { parser: 'bq', file: undefined, selector: undefined, configKey: undefined, ...source };
  return readSourceTexts([whole], job).map(({ name, text }) => `${name}: ${text}`);
}

it('reads an asset, however its path is written, and a configuration entry', () => {
  expect(read({ file: './query.sql' })).toEqual(['query.sql: select 2']);
  expect(read({ file: 'query.sql' })).toEqual(['query.sql: select 2']);
  expect(read({ configKey: 'SQL' })).toEqual(['SQL: select 1']);
});

it.each(['$.steps[*].query', 'steps.*.query'])(
  'reads every text at a path within a document: %s',
  (selector) => {
    expect(read({ file: 'steps.yaml', selector })).toEqual(['steps.yaml: select 3', 'steps.yaml: select 4']);
  },
);

it('reads one of a list', () => {
  expect(read({ file: 'steps.yaml', selector: '$.steps[1].query' })).toEqual(['steps.yaml: select 4']);
});

it('reads nothing where there is nothing', () => {
  expect(read({ file: 'other.sql' })).toEqual([]);
  expect(read({ configKey: 'OTHER' })).toEqual([]);
  expect(read({ file: 'steps.yaml', selector: '$.nothing.here' })).toEqual([]);
  expect(read({ file: 'broken.yaml', selector: '$.a' })).toEqual([]);
});
