import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkout } from '../e2e/stage/stage-folder.ts';

const documents = ['docs/plugins.md', 'runtime/plugin-host/FAILURES.md'] as const;

interface NamedTest {
  readonly file: string;
  readonly parts: readonly string[];
}

interface Row {
  readonly first: string;
  readonly tests: readonly NamedTest[];
}

/** The rows of a document's tables whose last cell names tests. */
function readRows(document: string): readonly Row[] {
  const lines = readFileSync(path.join(checkout, document), 'utf8').split('\n');
  return lines.flatMap((line) => {
    const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
    const [, first = ''] = cells;
    const last = cells.at(-2) ?? '';
    return /^`[^`]+\.test\.ts` ·/.test(last) ? [{ first, tests: last.split(' — ').map(toTest) }] : [];
  });
}

function toTest(cell: string): NamedTest {
  const [file = '', ...parts] = cell.split('·').map((part) => part.trim());
  return { file: file.replaceAll('`', ''), parts: parts.filter((part) => part !== '') };
}

const listFirsts = (document: string) => readRows(document).map(({ first }) => first);
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe.each(documents)('%s', (document) => {
  it.each(readRows(document))('names a test for "$first" that is there', ({ tests }) => {
    for (const { file, parts } of tests) {
      const source = readFileSync(path.join(checkout, file), 'utf8');
      expect(parts.filter((part) => !source.includes(part))).toEqual([]);
    }
  });
});

it('every way to fail has its row', () => {
  expect(listFirsts('runtime/plugin-host/FAILURES.md')).toEqual(numbers(43).map(String));
});

it('every case of conformance has its row', () => {
  const cases = listFirsts('docs/plugins.md').filter((first) => /^[HS]\d\d$/.test(first));
  const toId = (letter: string) => (number: number) => `${letter}${String(number).padStart(2, '0')}`;
  expect(cases).toEqual([...numbers(30).map(toId('H')), ...numbers(15).map(toId('S'))]);
});
