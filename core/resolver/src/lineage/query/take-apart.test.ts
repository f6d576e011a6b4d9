import { describe, expect, it } from 'vitest';
import { liftSubqueries } from './lift-subqueries.ts';
import { toPlainSelect } from './plain-select.ts';
import { readStatementQueries } from './statement-query.ts';
import { takeApart } from './take-apart.ts';

describe('a query taken apart', () => {
  it('is its table expressions and its branches, one level deep', () => {
    const sql = `WITH RECURSIVE a (x, \`y\`) AS (SELECT 1, 2 UNION ALL SELECT 3, 4), b AS MATERIALIZED (WITH c AS (SELECT 1) SELECT * FROM c)
      SELECT * FROM a UNION ALL BY NAME SELECT * EXCEPT (y) FROM b EXCEPT DISTINCT SELECT 1`;
    expect(takeApart(sql, 'bigquery')).toEqual({
      isRecursive: true,
      ctes: [
        { name: 'a', columns: ['x', 'y'], sql: 'SELECT 1, 2 UNION ALL SELECT 3, 4' },
        { name: 'b', columns: [], sql: 'WITH c AS (SELECT 1) SELECT * FROM c' },
      ],
      branches: ['SELECT * FROM a', 'SELECT * EXCEPT (y) FROM b'],
    });
  });

  it.each(['', '(', 'WITH', 'WITH a', 'WITH a AS', 'WITH a AS (', '((()', 'UNION', 'WITH a AS (SELECT 1),'])(
    'is something for any text: %s',
    (sql) => {
      expect(() => takeApart(sql, 'postgres')).not.toThrow();
      expect(() => toPlainSelect(sql, 'postgres')).not.toThrow();
      expect(() => liftSubqueries(sql, 'postgres')).not.toThrow();
    },
  );

  it('has names for the queries in FROM and JOIN, and none for those that see their neighbours', () => {
    const sql =
      'SELECT (SELECT 1) FROM (SELECT a FROM t) x, (SELECT b FROM u) AS y JOIN LATERAL (SELECT x.a) z ON f((SELECT 2))';
    expect(liftSubqueries(sql, 'postgres')).toEqual({
      sql: 'SELECT (SELECT 1) FROM subquery_1_ x, subquery_2_ AS y JOIN LATERAL (SELECT x.a) z ON f((SELECT 2))',
      subqueries: [
        { name: 'subquery_1_', columns: [], sql: 'SELECT a FROM t' },
        { name: 'subquery_2_', columns: [], sql: 'SELECT b FROM u' },
      ],
    });
  });
});

describe('a plain select', () => {
  it.each([
    ['SELECT a.b.c, d, 1.5, t.x y FROM t', 'SELECT a.b.c AS c, d, 1.5, t.x y FROM t'],
    ['SELECT DISTINCT ON (a) b.c FROM t', 'SELECT DISTINCT ON (a) b.c AS c FROM t'],
    ['SELECT a * b, t.* FROM t', 'SELECT a * b, t.* FROM t'],
    ['SELECT * EXCEPT (a), b FROM t', 'SELECT *, b FROM t'],
    ['SELECT t.* REPLACE (b + 1 AS b), c FROM t', 'SELECT t.*, c, b + 1 AS b FROM t'],
    ['SELECT * EXCLUDE a RENAME (b AS c) FROM t', 'SELECT * FROM t'],
  ])('of %s is %s', (sql, plain) => {
    expect(toPlainSelect(sql, 'duckdb').sql).toBe(plain);
  });

  it('knows what is said of its stars', () => {
    const { stars, itemCount } = toPlainSelect('SELECT x, t.* EXCLUDE (A) RENAME (b AS c) FROM t', 'duckdb');
    expect(itemCount).toBe(2);
    expect(stars).toEqual([
      { place: 1, qualifier: 't', without: new Set(['a']), renamed: new Map([['b', 'c']]) },
    ]);
  });
});

describe('the queries of a statement', () => {
  it.each<readonly [string, ReadonlyArray<{ sql: string; columns?: readonly string[]; isWhole: boolean }>]>([
    [
      'UPDATE p.d.t AS t SET a = f(s.x, 1), t.b = DEFAULT, c = (SELECT 1 = 1) FROM p.d.s AS s, u WHERE x = 1',
      [
        {
          sql: 'SELECT f(s.x, 1) AS a, (SELECT 1 = 1) AS c FROM p.d.t AS t CROSS JOIN p.d.s AS s, u WHERE x = 1',
          isWhole: false,
        },
      ],
    ],
    [
      'MERGE INTO t USING (SELECT 1 AS x) s ON t.id IN (1, 2) WHEN MATCHED THEN UPDATE SET a = s.x WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (a, `b`) VALUES (s.x, [1, 2])',
      [
        { sql: 'SELECT s.x AS a FROM t JOIN (SELECT 1 AS x) s ON t.id IN (1, 2)', isWhole: false },
        {
          sql: 'SELECT s.x AS a, [1, 2] AS `b` FROM t JOIN (SELECT 1 AS x) s ON t.id IN (1, 2)',
          isWhole: false,
        },
      ],
    ],
    ['MERGE t USING s ON x WHEN NOT MATCHED THEN INSERT ROW', [{ sql: 'SELECT * FROM s', isWhole: true }]],
    ['EXPORT DATA OPTIONS (a = 1) AS (SELECT 1)', [{ sql: '(SELECT 1)', isWhole: true }]],
    ['INSERT INTO a SELECT 1', [{ sql: 'SELECT 1', isWhole: true }]],
    ['INSERT INTO a (x, `y`) (SELECT 1, 2)', [{ sql: '(SELECT 1, 2)', columns: ['x', 'y'], isWhole: false }]],
    [
      'INSERT INTO a (x) SELECT 1 ON CONFLICT DO NOTHING',
      [{ sql: 'SELECT 1', columns: ['x'], isWhole: false }],
    ],
    [
      'WITH q AS (SELECT 1) INSERT INTO a SELECT * FROM q',
      [{ sql: 'WITH q AS (SELECT 1) SELECT * FROM q', isWhole: true }],
    ],
    ['CREATE OR REPLACE TABLE a PARTITION BY d AS SELECT 1 AS d', [{ sql: 'SELECT 1 AS d', isWhole: true }]],
    ['SELECT 1', [{ sql: 'SELECT 1', isWhole: true }]],
    ['MERGE t USING s ON x WHEN MATCHED THEN DELETE', []],
    ['DELETE FROM t', []],
    ['CALL f()', []],
    ['INSERT INTO a VALUES (1)', []],
    ['MERGE t USING', []],
    ['UPDATE', []],
    ['UPDATE t SET (a, b) = (1, 2)', []],
    ['EXPORT DATA', []],
    ['', []],
    [')))((', []],
  ])('%s', (statement, queries) => {
    expect(readStatementQueries(statement, 'bigquery').queries).toEqual(queries);
  });

  it.each([
    ['CREATE TEMP TABLE x AS SELECT 1', 'x'],
    ['CREATE OR REPLACE TABLE IF NOT EXISTS `p.d`.T AS SELECT 1', 'p.d.t'],
    ['CREATE VIEW v AS SELECT 1', 'v'],
    ['CREATE FUNCTION f() AS (1)', undefined],
    ['SELECT 1', undefined],
  ])('of %s make %s', (statement, made) => {
    expect(readStatementQueries(statement, 'bigquery').made).toBe(made);
  });
});
