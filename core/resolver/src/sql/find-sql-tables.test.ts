import { describe, expect, it } from 'vitest';
import { createRandom } from '../graph/graph-fixtures.ts';
import { findSqlTables } from './find-sql-tables.ts';
import { SQL_DIALECTS, type SqlDialect } from './sql-dialect.ts';

describe('a table found', () => {
  it('has the place that first names it, in characters', () => {
    const { reads, writes } = findSqlTables('INSERT INTO p.d.b\nSELECT "🚀", x FROM p.d.a', 'bigquery');
    expect(writes).toEqual([
      { parts: ['p', 'd', 'b'], position: { offset: 12, line: 1, column: 13 }, created: false },
    ]);
    expect(reads).toEqual([{ parts: ['p', 'd', 'a'], position: { offset: 38, line: 2, column: 20 } }]);
  });

  it('is said to be made when the first statement that writes it makes it', () => {
    const sql =
      'CREATE TABLE a AS SELECT 1; INSERT INTO a SELECT 2; INSERT INTO b SELECT 3; CREATE TABLE b (x INT64)';
    expect(findSqlTables(sql, 'bigquery').writes).toMatchObject([
      { parts: ['a'], created: true },
      { parts: ['b'], created: false },
    ]);
  });

  it('comes in the order of the text', () => {
    const names = findSqlTables('SELECT (SELECT 1 FROM c) FROM b, a, c', 'trino').reads;
    expect(names.map(({ parts }) => parts.join('.'))).toEqual(['c', 'b', 'a']);
  });
});

describe('a problem', () => {
  it('has its place and says what cannot be known', () => {
    expect(findSqlTables('SELECT 1;\n  CALL p.d.run()', 'bigquery').problems).toEqual([
      {
        kind: 'unknown-statement',
        message: 'what the procedure called at "CALL p" reads and writes lies elsewhere',
        position: { offset: 12, line: 2, column: 3 },
      },
    ]);
  });

  it.each([
    ["SELECT 'never ends", 'bigquery'],
    ['SELECT 1 /* never ends', 'trino'],
    ['SELECT "never ends', 'postgres'],
    ['SELECT $x$ never ends $$', 'duckdb'],
    ['SELECT """ never ends "', 'bigquery'],
    ['SELECT `never ends', 'spark'],
    ['SELECT 1 /* /* */', 'spark'],
  ] as const)('is a quote or a comment without an end: %s', (sql, dialect) => {
    expect(findSqlTables(sql, dialect).problems).toMatchObject([{ kind: 'unterminated' }]);
  });

  it('is reported once for parentheses without a bottom, and the next statement is read', () => {
    const sql = `SELECT ${'('.repeat(100_000)} 1; SELECT * FROM p.d.t`;
    const { problems, reads } = findSqlTables(sql, 'bigquery');
    expect(problems.map(({ kind }) => kind)).toEqual(['too-deep']);
    expect(reads.map(({ parts }) => parts.join('.'))).toEqual(['p.d.t']);
  });
});

const VOCABULARY = (
  'SELECT FROM JOIN LEFT ON USING WITH RECURSIVE AS ( ) ( ) , , ; . . a b p.d.t `p.d.t` "x" [ ] [p:d.t] UNION ALL EXCEPT ' +
  'INSERT INTO UPDATE SET DELETE MERGE WHEN MATCHED THEN CREATE OR REPLACE TEMP TABLE VIEW LIKE CLONE COPY TRUNCATE LOAD DATA ' +
  'BEGIN END IF ELSE LOOP WHILE DO FOR IN CASE CALL EXECUTE IMMEDIATE LATERAL VIEW UNNEST VALUES PIVOT |> => -> @ $ $$ $t$ {{ }} ' +
  "'s' ''' \"\"\" ` # -- /* */ // /*@ignoreupstream*/ \n \\ * - 1 2024 TABLE ( IDENTIFIER( é 🚀 \u0000"
).split(' ');

function randomSql(seed: number, words: number): string {
  const random = createRandom(seed);
  const pick = (): string => VOCABULARY[Math.floor(random() * VOCABULARY.length)] ?? '';
  return Array.from({ length: words }, () => pick() + (random() < 0.7 ? ' ' : '')).join('');
}

describe('any text', () => {
  const seeds = Array.from({ length: 150 }, (_, seed) => seed + 1);

  it.each(SQL_DIALECTS)('is read without an error in %s, and every place lies within it', (dialect) => {
    for (const seed of seeds) {
      const sql = randomSql(seed, 300);
      const { reads, writes, ignored, problems } = findSqlTables(sql, dialect);
      for (const { position } of [...reads, ...writes, ...ignored, ...problems]) {
        expect(position.offset).toBeLessThanOrEqual(sql.length);
        expect(position.line).toBeLessThanOrEqual(sql.split('\n').length);
      }
    }
  });

  it.each(SQL_DIALECTS)('gives the same tables twice, and each but once in %s', (dialect) => {
    for (const seed of seeds) {
      const sql = randomSql(seed + 1000, 200);
      const found = findSqlTables(sql, dialect);
      expect(findSqlTables(sql, dialect)).toEqual(found);
      const names = found.reads.map(({ parts }) => parts.join('\0'));
      expect(new Set(names).size).toBe(names.length);
    }
  });
});

describe('a text', () => {
  const repeat = (text: string, size: number): string => text.repeat(Math.ceil(size / text.length));

  it('of ten megabytes is read', () => {
    const sql = repeat('INSERT INTO p.d.b SELECT * FROM p.d.a JOIN `p.d.c` USING (id);\n', 10_000_000);
    expect(findSqlTables(sql, 'bigquery')).toMatchObject({
      reads: [{ parts: ['p', 'd', 'a'] }, { parts: ['p', 'd', 'c'] }],
      writes: [{ parts: ['p', 'd', 'b'] }],
    });
  });

  // A quadratic step would take minutes over a megabyte; the time limit of a test is enough to notice.
  it.each<readonly [string, string, SqlDialect]>([
    ['parentheses', '(', 'bigquery'],
    ['brackets', 'SELECT * FROM [', 'bigquery'],
    ['templates', '{{', 'spark'],
    ['dollars', '$a$b', 'postgres'],
    ['comments', '/*', 'postgres'],
    ['quotes', "'", 'bigquery'],
    ['lists of expressions', 'WITH RECURSIVE a AS (SELECT * FROM a, b.c), ', 'bigquery'],
    ['sub-queries', 'SELECT (SELECT * FROM x.a) FROM t x, x.a UNION ALL ', 'bigquery'],
    ['copies', 'COPY t (', 'duckdb'],
    ['dots', 'FROM a.', 'snowflake'],
    ['dashes', 'FROM a-', 'bigquery'],
  ])('of nothing but %s is read in linear time', (_, text, dialect) => {
    expect(findSqlTables(repeat(text, 1_000_000), dialect).reads.length).toBeLessThan(10);
  });
});

it('says of a name whose template had no value why it is not known', () => {
  const { problems } = findSqlTables('select *\nfrom <no value>.d.t', 'snowflake');
  expect(problems).toEqual([
    {
      kind: 'unknown-table',
      message:
        'the name <NO VALUE>.D.T holds a template that has no value before a run: it is misspelt, or a secret',
      position: { offset: 14, line: 2, column: 6 },
    },
  ]);
});
