import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { computeColumnLineage, SQL_DIALECTS, type SqlDialect } from '@optimus/resolver';
import { parseLabelledStatements } from '@optimus/resolver/testing';
import { describe, expect, it } from 'vitest';
import { PolyglotAnalyzer } from './polyglot-analyzer.ts';

const analyzer = new PolyglotAnalyzer();

/** Each column with its sources: `total: orders.price, rates.rate`. */
async function describeColumns(sql: string, dialect: SqlDialect = 'bigquery'): Promise<readonly string[]> {
  const lineages = await computeColumnLineage(sql, dialect, analyzer);
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
    expect(await computeColumnLineage(sql, 'bigquery', analyzer)).toMatchObject([
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

describe('what the parser does not understand', () => {
  it.each([
    ['SELECT * FROM p.d.t', 'a star stands for'],
    ['MERGE p.d.t USING p.d.s ON t.id = s.id WHEN NOT MATCHED THEN INSERT ROW', 'a star stands for'],
    ['DELETE FROM p.d.t WHERE id IN (SELECT id FROM p.d.s)', 'does not know the statement'],
    ['SELECT ((( FROM p.d.t', 'does not know the statement'],
    [`SELECT ${'1,'.repeat(150_000)} 1 FROM p.d.t`, 'is longer than'],
  ])('is a gap that says so: %#', async (sql, gap) => {
    const lineages = await computeColumnLineage(sql, 'bigquery', analyzer);
    expect(lineages.flatMap(({ gaps }) => gaps).join('\n')).toMatch(new RegExp(gap, 'i'));
  });

  it('rejects nothing of the labelled statements, and makes up no table', { timeout: 60_000 }, async () => {
    const corpus = path.resolve(import.meta.dirname, '../../../tests/fixtures/sql');
    for (const dialect of SQL_DIALECTS) {
      for (const file of readdirSync(path.join(corpus, dialect))) {
        const text = readFileSync(path.join(corpus, dialect, file), 'utf8');
        for (const { sql, reads, ignored } of parseLabelledStatements(text, dialect)) {
          const lineages = await computeColumnLineage(sql, dialect, analyzer);
          const sources = lineages.flatMap(({ columns }) => columns.flatMap((column) => column.sources));
          expect([...reads, ...ignored], sql).toEqual(
            expect.arrayContaining([...new Set(sources.map(({ table }) => table.join('.')))]),
          );
        }
      }
    }
  });
});
