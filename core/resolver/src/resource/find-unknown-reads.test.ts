import { expect, it } from 'vitest';
import { findUnknownReads } from './find-unknown-reads.ts';

const read = (parser: string, text: string) => findUnknownReads([{ parser, name: 'query.sql', text }]);

it.each([
  ['a quote that never ends', 'select *\nfrom `unclosed', 2, 6],
  ['a statement that is put together when it runs', 'EXECUTE IMMEDIATE "select 1"', 1, 1],
  ['a table whose name is a parameter', 'select * from @table', 1, 15],
  ['a name that is too short', 'select * from orders', 1, 15],
])('finds %s, with its place', (_what, sql, line, column) => {
  expect(read('bq', sql)).toMatchObject([{ text: 'query.sql', place: { line, column } }]);
});

it('finds nothing where everything is known, and nothing in what nobody reads', () => {
  expect(read('bq', 'select * from `p.d.t`')).toEqual([]);
  expect(read('cobol', 'select * from `unclosed')).toEqual([]);
});
