import { expect, test } from 'vitest';
import { createRepository, manifestOf, rootManifest } from '../testing/temporary-repository.ts';
import { formatTable, percentile, toRows } from './figures-table.ts';
import { measureTree } from './measure-tree.ts';

function repositoryOf(files: Readonly<Record<string, string>>): string {
  return createRepository({
    'package.json': rootManifest,
    'core/domain/package.json': manifestOf('@optimus/domain'),
    ...files,
  });
}

test('refuses a file over 500 lines and a function over 60, with place and number', () => {
  const longFunction = `function a() {\n${'  a();\n'.repeat(59)}}\n`;
  const root = repositoryOf({
    'core/domain/src/long.ts': '//\n'.repeat(501),
    'core/domain/src/a.ts': `\n${longFunction}`,
    'core/domain/src/b.ts': '//\n'.repeat(500),
  });
  expect(measureTree(root).offences).toEqual([
    { file: 'core/domain/src/a.ts', line: 2, message: expect.stringContaining('61 lines; the limit is 60') },
    {
      file: 'core/domain/src/long.ts',
      line: 1,
      message: expect.stringContaining('501 lines; the limit is 500'),
    },
  ]);
});

test('refuses a bare error in source, and leaves scripts and tests theirs', () => {
  const code = "throw new Error('no');\n";
  const root = repositoryOf({
    'core/domain/src/a.ts': code,
    'core/domain/src/a.test.ts': code,
    'scripts/a.ts': code,
  });
  expect(measureTree(root).offences).toEqual([
    { file: 'core/domain/src/a.ts', line: 1, message: expect.stringContaining('bare `new Error(`') },
  ]);
});

test('refuses an import cycle', () => {
  const root = repositoryOf({
    'core/domain/src/a.ts': "import './b.ts';",
    'core/domain/src/b.ts': "import './a.ts';",
  });
  const { cycles, offences } = measureTree(root);
  expect(cycles).toEqual([['core/domain/src/a.ts', 'core/domain/src/b.ts']]);
  expect(offences).toHaveLength(1);
});

test('sets tests against source, conformance suites on the side of the tests', () => {
  const root = repositoryOf({
    'core/domain/src/a.ts': '//\n'.repeat(10),
    'core/domain/src/a.test.ts': '//\n'.repeat(8),
    'core/domain/src/testing/suite.ts': '//\n'.repeat(4),
    'tests/e2e/journey.test.ts': '//\n'.repeat(3),
  });
  const row = toRows(measureTree(root)).find(({ figure }) => figure === 'tests : source lines');
  expect(row?.value).toBe('1.50');
});

test('takes percentiles by rank', () => {
  const values = [10, 1, 9, 2, 8, 3, 7, 4, 6, 5];
  expect([0.5, 0.9, 1].map((share) => percentile(values, share))).toEqual([5, 9, 10]);
  expect(percentile([], 0.5)).toBe(0);
});

test('prints an empty tree without dividing by nothing', () => {
  const table = formatTable(toRows(measureTree(repositoryOf({}))));
  expect(table).toContain('tests : source lines');
  expect(table).not.toMatch(/NaN|Infinity/);
});
