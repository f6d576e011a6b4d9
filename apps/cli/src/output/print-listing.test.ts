import { formatInstant } from '@optimus/domain';
import { describe, expect, it } from 'vitest';
import { Flags } from '../command-line/flags.ts';
import { captureTerminal } from '../testing/captured-terminal.ts';
import { printDocument, printListing } from './print-listing.ts';

interface Row {
  readonly name: string;
  readonly size: number | null;
}

const columns = [
  { title: 'NAME', show: ({ name }: Row) => name },
  { title: 'SIZE', show: ({ size }: Row) => (size === null ? '' : String(size)) },
];
const rows: readonly Row[] = [
  { name: 'a', size: 1 },
  { name: 'longer', size: null },
];

async function list(output: string | undefined, listed = rows) {
  const terminal = captureTerminal();
  const flags = new Flags({ output });
  await printListing({ flags, terminal }, { rows: listed, columns, whenEmpty: 'nothing here' });
  return terminal;
}

describe('a listing', () => {
  it('is a table without borders or trailing space', async () => {
    expect((await list(undefined)).printed).toEqual(['NAME    SIZE\na       1\nlonger']);
  });

  it('is data where data is asked for', async () => {
    expect(JSON.parse((await list('json')).printed.join(''))).toEqual(rows);
    expect((await list('yaml')).printed).toEqual(['- name: a\n  size: 1\n- name: longer\n  size: null']);
  });

  it('of nothing is a word on stderr, or empty data', async () => {
    const table = await list('table', []);
    expect(table).toMatchObject({ printed: [], noted: ['nothing here'] });
    expect((await list('json', [])).printed).toEqual(['[]']);
  });

  it('in an unknown form is refused', async () => {
    await expect(list('xml')).rejects.toThrow('--output is "xml", must be one of table, json, yaml');
  });
});

it('prints one thing as yaml or json', async () => {
  const terminal = captureTerminal();
  await printDocument({ flags: new Flags({}), terminal }, { name: 'neo', config: {} });
  await printDocument({ flags: new Flags({ output: 'json' }), terminal }, { name: 'neo' });
  expect(terminal.printed).toEqual(['name: neo\nconfig: {}', '{\n  "name": "neo"\n}']);
});

it('writes instants without the milliseconds that nobody set', () => {
  expect(formatInstant(new Date('2022-09-19T02:00:00Z'))).toBe('2022-09-19T02:00:00Z');
  expect(formatInstant(new Date('2022-09-19T02:00:00.120Z'))).toBe('2022-09-19T02:00:00.120Z');
});
