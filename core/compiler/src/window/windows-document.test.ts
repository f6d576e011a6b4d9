import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { toZonedText } from '../zone/zoned-text.ts';
import { computeWindow } from './compute-window.ts';

type Row = Readonly<Record<string, string>>;

const document = await readFile(new URL('../../../../docs/windows.md', import.meta.url), 'utf8');
const rows = readRows(document);

/** The rows of every table that has a column DSTART, each by the titles of its columns. */
function readRows(markdown: string): readonly Row[] {
  const tables = markdown.split(/\n\n+/).filter((block) => block.startsWith('| version'));
  return tables.flatMap((table) => {
    const [titles = [], , ...lines] = table.trimEnd().split('\n').map(readCells);
    return lines.map((cells) =>
      Object.fromEntries(titles.map((title, column) => [title, cells[column] ?? ''])),
    );
  });
}

function readCells(line: string): readonly string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

it('shows every version at work', () => {
  expect(rows.length).toBeGreaterThan(50);
  expect(new Set(rows.map(({ version }) => version))).toEqual(new Set(['1', '2', '3']));
});

it.each(rows)(
  'version $version at $tick with $size $offset $shift_by $truncate_to $interval covers what the document says',
  (row) => {
    const {
      size = '',
      offset = '',
      truncate_to: truncateTo = '',
      shift_by: shiftBy = '',
      location = '',
    } = row;
    const window = { size, offset, truncateTo, shiftBy, location };
    const { start, end } = computeWindow(
      {
        version: Number(row['version']),
        task: { name: '', config: [], window },
        schedule: { startDate: '2020-01-01', interval: row['interval'] ?? '' },
      },
      new Date(row['tick'] ?? ''),
    );
    expect([toZonedText(start, location), toZonedText(end, location)]).toEqual([row['DSTART'], row['DEND']]);
  },
);
