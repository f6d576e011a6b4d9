import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { computeColumnLineage, SQL_DIALECTS, type SqlDialect } from '@optimus/resolver';
import { parseLabelledStatements } from '@optimus/resolver/testing';
import { describe, expect, it } from 'vitest';
import { PolyglotAnalyzer } from './polyglot-analyzer.ts';

const analyzer = new PolyglotAnalyzer();

/** Each column with its sources: `total: orders.price, rates.rate`. */
async function describeColumns(sql: string, dialect: SqlDialect = 'bigquery'): Promise<readonly string[]> {
  const lineages = await computeColumnLineage({ script: sql, dialect }, analyzer);
  return lineages.flatMap(({ columns }) =>
    columns.map(({ column, sources }) => {
      const names = sources.map(({ table, column: source }) => `${table.join('.')}.${source}`);
      return `${column}: ${names.sort().join(', ')}`;
    }),
  );
}

describe('column lineage', () => {
  it('leads through joins, sub-queries and common table expressions to tables', async () => {
    const sql = `WITH c AS (SELECT id, SUM(x) AS s FROM \`p-1.d.t\` GROUP BY id)
      SELECT c.id, c.s + u.y AS z FROM c JOIN (SELECT id, y FROM p.d.u) u USING (id)`;
    expect(await describeColumns(sql)).toEqual(['id: p-1.d.t.id', 'z: p-1.d.t.x, p.d.u.y']);
  });

  it('unites the branches of a union', async () => {
    expect(await describeColumns('SELECT a FROM p.d.t UNION ALL SELECT b FROM p.d.u')).toEqual([
      'a: p.d.t.a, p.d.u.b',
    ]);
  });

  it('belongs to the table that a statement fills', async () => {
    const sql =
      'INSERT INTO p.d.w SELECT a + b AS c FROM p.d.t; CREATE TABLE p.d.v AS SELECT c AS d FROM p.d.w';
    expect(await computeColumnLineage({ script: sql, dialect: 'bigquery' }, analyzer)).toMatchObject([
      { target: ['p', 'd', 'w'], columns: [{ column: 'c', sources: [{ column: 'a' }, { column: 'b' }] }] },
      {
        target: ['p', 'd', 'v'],
        columns: [{ column: 'd', sources: [{ table: ['p', 'd', 'w'], column: 'c' }] }],
      },
    ]);
  });

  it('of MERGE unites its branches', async () => {
    const sql = `MERGE INTO p.d.t AS t USING (SELECT id, x + y AS v FROM p.d.s) AS s ON t.id = s.id
      WHEN MATCHED AND s.v > 1 THEN UPDATE SET t.v = s.v + t.v, seen = CURRENT_TIMESTAMP()
      WHEN NOT MATCHED THEN INSERT (id, v, n) VALUES (s.id, GREATEST(s.v, 1), DEFAULT)`;
    const columns = await describeColumns(sql);
    expect(columns.toSorted()).toEqual(['id: p.d.s.id', 'seen: ', 'v: p.d.s.x, p.d.s.y, p.d.t.v']);
  });

  it('of UPDATE comes from its sources and from the table itself', async () => {
    const sql = 'UPDATE p.d.t t SET a = s.x, t.b = t.b + s.y FROM p.d.s s WHERE t.id = s.id';
    expect(await describeColumns(sql)).toEqual(['a: p.d.s.x', 'b: p.d.s.y, p.d.t.b']);
  });

  it('of EXPORT DATA is that of its query', async () => {
    expect(await describeColumns("EXPORT DATA OPTIONS (uri = 'x') AS SELECT a AS b FROM p.d.t")).toEqual([
      'b: p.d.t.a',
    ]);
  });

  it.each(SQL_DIALECTS)('is computed in %s', async (dialect) => {
    const sql =
      'SELECT o.id, o.price * r.rate AS total FROM sales.orders o JOIN ref.rates r ON r.day = o.day';
    const columns = await describeColumns(sql, dialect);
    expect(columns.map((column) => column.toLowerCase())).toEqual([
      'id: sales.orders.id',
      'total: ref.rates.rate, sales.orders.price',
    ]);
  });
});

describe('stars and names', () => {
  const columns = { 'p.d.t': ['id', 'a', 'b'], 'p.d.u': ['id', 'c'] } as const;

  async function describeKnown(sql: string): Promise<readonly string[]> {
    const findColumns = (table: readonly string[]): readonly string[] | undefined =>
      new Map<string, readonly string[]>(Object.entries(columns)).get(table.join('.'));
    const [lineage] = await computeColumnLineage({ script: sql, dialect: 'bigquery', findColumns }, analyzer);
    return (lineage?.columns ?? []).map(
      ({ column, sources }) =>
        `${column}: ${sources.map((source) => `${source.column} ${source.transform}`).join(', ')}`,
    );
  }

  it.each([
    ['SELECT * FROM p.d.t', ['id: id direct', 'a: a direct', 'b: b direct']],
    ['SELECT * EXCEPT (id, b), b + 1 AS b FROM p.d.t', ['a: a direct', 'b: b expression']],
    [
      'SELECT * REPLACE (a || b AS a) FROM p.d.t',
      ['id: id direct', 'b: b direct', 'a: a expression, b expression'],
    ],
    [
      'SELECT t.*, u.* EXCEPT (id) FROM p.d.t t JOIN p.d.u u ON t.id = u.id',
      ['id: id direct', 'a: a direct', 'b: b direct', 'c: c direct'],
    ],
    ['SELECT a, c FROM p.d.t JOIN p.d.u ON true', ['a: a direct', 'c: c direct']],
    [
      'WITH x AS (SELECT *, ROW_NUMBER() OVER (PARTITION BY a ORDER BY b) AS n FROM p.d.t) SELECT * EXCEPT (n, id, b) FROM x WHERE n = 1',
      ['a: a direct'],
    ],
    [
      'SELECT x.* FROM (SELECT SUM(a) AS s, address.city FROM p.d.v GROUP BY 2) x',
      ['s: a aggregation', 'city: address expression'],
    ],
    [
      'WITH RECURSIVE r AS (SELECT id, a FROM p.d.t UNION ALL SELECT t.id, r.a + 1 FROM p.d.t t JOIN r ON t.id = r.id) SELECT * FROM r',
      ['id: id direct', 'a: a expression'],
    ],
  ])('%s', async (sql, lineage) => {
    expect(await describeKnown(sql)).toEqual(lineage);
  });

  it('lead through what a star without a schema stands for', async () => {
    const sql = 'WITH x AS (SELECT * FROM p.d.v) SELECT a, f(b) AS c FROM x';
    expect(await describeColumns(sql)).toEqual(['a: p.d.v.a', 'c: p.d.v.b']);
  });

  it('lead through the tables that a script makes on the way', async () => {
    const sql =
      'CREATE TEMP TABLE x AS SELECT a + 1 AS b FROM p.d.t; INSERT INTO p.d.w (c) SELECT b FROM x; SELECT c FROM p.d.w';
    expect(await describeColumns(sql)).toEqual(['b: p.d.t.a', 'c: p.d.t.a', 'c: p.d.w.c']);
  });

  it('tell which columns decide about rows, wherever they do', async () => {
    const sql = `WITH x AS (SELECT id, a FROM p.d.t WHERE day > '2024-01-01')
      SELECT x.a, COUNT(*) AS n FROM x JOIN p.d.u u ON u.id = x.id GROUP BY x.a HAVING MAX(u.z) > 1`;
    const [lineage] = await computeColumnLineage({ script: sql, dialect: 'bigquery' }, analyzer);
    const influences = (lineage?.influences ?? []).map(({ how, column }) => `${how} ${column}`);
    expect(influences.toSorted()).toEqual(['filter day', 'filter z', 'group a', 'join id', 'join id']);
  });
});

describe('what the parser does not understand', () => {
  it.each([
    ['SELECT * FROM p.d.t', 'a star stands for the columns of p.d.t'],
    ['SELECT * FROM p.d.t JOIN p.d.u USING (id)', 'a star stands for columns'],
    ['MERGE p.d.t USING p.d.s ON t.id = s.id WHEN NOT MATCHED THEN INSERT ROW', 'a star stands for'],
    ['SELECT a FROM p.d.t JOIN p.d.u USING (id)', 'which table "a" belongs to'],
    ['SELECT ((( FROM p.d.t', 'does not know "SELECT'],
    ['EXECUTE IMMEDIATE "SELECT 1"', 'EXECUTE'],
    [`SELECT ${'1,'.repeat(150_000)} 1 FROM p.d.t`, 'is longer than'],
  ])('is a gap that says so: %#', async (sql, gap) => {
    const lineages = await computeColumnLineage({ script: sql, dialect: 'bigquery' }, analyzer);
    expect(lineages.flatMap(({ gaps }) => gaps).join('\n')).toMatch(new RegExp(gap, 'i'));
  });

  it('rejects nothing of the labelled statements, and makes up no table', { timeout: 60_000 }, async () => {
    const corpus = path.resolve(import.meta.dirname, '../../../tests/fixtures/sql');
    for (const dialect of SQL_DIALECTS) {
      for (const file of readdirSync(path.join(corpus, dialect))) {
        const text = readFileSync(path.join(corpus, dialect, file), 'utf8');
        for (const { sql, reads, ignored, writes } of parseLabelledStatements(text, dialect)) {
          const lineages = await computeColumnLineage({ script: sql, dialect }, analyzer);
          const sources = lineages.flatMap(({ columns }) => columns.flatMap((column) => column.sources));
          // What a table is changed to may be computed from what it held.
          expect([...reads, ...ignored, ...writes], sql).toEqual(
            expect.arrayContaining([...new Set(sources.map(({ table }) => table.join('.')))]),
          );
        }
      }
    }
  });
});
