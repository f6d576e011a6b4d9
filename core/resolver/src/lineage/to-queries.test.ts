import { describe, expect, it } from 'vitest';
import { toQueries } from './to-queries.ts';

describe('the query that computes what a statement writes', () => {
  it.each<readonly [string, readonly string[]]>([
    [
      'UPDATE p.d.t AS t SET a = f(s.x, 1), t.b = DEFAULT, c = (SELECT 1 = 1) FROM p.d.s AS s, u WHERE x = 1',
      ['SELECT f(s.x, 1) AS a, (SELECT 1 = 1) AS c FROM p.d.t AS t CROSS JOIN p.d.s AS s, u'],
    ],
    ['UPDATE t SET a = b', ['SELECT b AS a FROM t']],
    [
      'MERGE INTO t USING (SELECT 1 AS x) s ON t.id IN (1, 2) WHEN MATCHED THEN UPDATE SET a = s.x WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (a, `b`) VALUES (s.x, [1, 2])',
      [
        'SELECT s.x AS a FROM t CROSS JOIN (SELECT 1 AS x) s',
        'SELECT s.x AS a, [1, 2] AS `b` FROM t CROSS JOIN (SELECT 1 AS x) s',
      ],
    ],
    ['MERGE t USING s ON x WHEN NOT MATCHED THEN INSERT ROW', ['SELECT * FROM s']],
    ['EXPORT DATA OPTIONS (a = 1) AS (SELECT 1)', ['(SELECT 1)']],
  ])('%s', (statement, queries) => {
    expect(toQueries(statement, 'bigquery')).toEqual(queries);
  });

  it.each([
    'SELECT 1',
    'INSERT INTO a SELECT 1',
    'MERGE t USING s ON x WHEN MATCHED THEN DELETE',
    'MERGE t USING',
    'UPDATE',
    'UPDATE t SET (a, b) = (1, 2)',
    'EXPORT DATA',
    '',
    ')))((',
  ])('is the statement itself when there is no other: %s', (statement) => {
    expect(toQueries(statement, 'bigquery')).toEqual([statement]);
  });
});
