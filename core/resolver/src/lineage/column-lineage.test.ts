import { describe, expect, it } from 'vitest';
import type { AnalyzedSelect, ColumnAnalyzer, TableColumns } from './column-analyzer.ts';
import { computeColumnLineage } from './column-lineage.ts';
import { splitStatements } from './split-statements.ts';

describe('the statements of a script', () => {
  function split(script: string): readonly string[] {
    return splitStatements(script, 'bigquery').map(({ sql }) => sql);
  }

  it('end at semicolons, and at the end', () => {
    expect(split('SELECT 1; SELECT 2;\n;; SELECT 3')).toEqual(['SELECT 1', 'SELECT 2', 'SELECT 3']);
  });

  it('are not ended by semicolons in quotes, comments and parentheses', () => {
    expect(split("SELECT ';' /* ; */, (1;2) -- ;\nFROM t; SELECT 2")).toHaveLength(2);
  });

  it('begin behind the words of blocks', () => {
    expect(
      split('BEGIN SELECT 1; END; IF x THEN SELECT 2; ELSE SELECT 3; END IF; WHILE y DO SELECT 4; END WHILE'),
    ).toEqual(['SELECT 1', 'END', 'SELECT 2', 'SELECT 3', 'END IF', 'SELECT 4', 'END WHILE']);
  });

  it('know where they begin', () => {
    const script = ' SELECT 1;\n  SELECT 2';
    for (const { sql, offset } of splitStatements(script, 'trino'))
      expect(script.slice(offset, offset + sql.length)).toBe(sql);
  });

  it('are none in an empty text', () => {
    expect(split(' -- nothing\n')).toEqual([]);
  });
});

/** Says the same of every select, and remembers which it was asked about, and what it was told. */
class RecordedAnalyzer implements ColumnAnalyzer {
  readonly asked: string[] = [];
  readonly told: Array<readonly TableColumns[]> = [];
  readonly #answer: AnalyzedSelect;

  constructor(answer: Partial<AnalyzedSelect>) {
    this.#answer = { columns: [], starWidths: [], relations: [], influences: [], gaps: [], ...answer };
  }

  async analyze(select: string, _dialect: string, tables: readonly TableColumns[]): Promise<AnalyzedSelect> {
    this.asked.push(select);
    this.told.push(tables);
    return this.#answer;
  }
}

describe('column lineage', () => {
  const answer = {
    columns: [
      {
        name: 'n',
        transform: 'aggregation' as const,
        sources: [
          { table: 'SALES.orders', column: 'id' },
          { table: 'excluded', column: 'x' },
        ],
        isStar: false,
      },
    ],
    relations: [
      { name: 'SALES.orders', alias: 'o' },
      { name: 'sales.rates', alias: 'r' },
    ],
    gaps: ['a reason'],
  };

  it('names tables as the scanner does, and takes what is none for a gap', async () => {
    const script = 'DROP TABLE x;\nINSERT INTO mart.n SELECT count(id) AS n FROM sales.Orders, sales.rates';
    const input = { script, dialect: 'snowflake' as const };
    expect(await computeColumnLineage(input, new RecordedAnalyzer(answer))).toEqual([
      {
        position: { offset: 14, line: 2, column: 1 },
        target: ['MART', 'N'],
        isLocal: false,
        isWhole: true,
        columns: [
          {
            column: 'n',
            sources: [{ table: ['SALES', 'ORDERS'], column: 'id', transform: 'aggregation' }],
          },
        ],
        influences: [],
        gaps: ['a reason', 'which table "excluded" belongs to cannot be told'],
      },
    ]);
  });

  it('asks about queries alone, one select at a time, and tells what those before it have', async () => {
    const analyzer = new RecordedAnalyzer({ ...answer, relations: [] });
    const script =
      'SET x = 1; TRUNCATE TABLE t; WITH a AS (SELECT n FROM t) SELECT * FROM a JOIN (SELECT n FROM u) b ON true';
    await computeColumnLineage({ script, dialect: 'bigquery' }, analyzer);
    expect(analyzer.asked).toEqual([
      'SELECT n FROM t',
      'SELECT n FROM u',
      'SELECT * FROM a JOIN subquery_1_ b ON true',
    ]);
    expect(analyzer.told.at(-1)).toEqual([
      { name: 'subquery_1_', columns: ['n'] },
      { name: 'a', columns: ['n'] },
    ]);
  });

  it('stops at queries that lie in each other deeper than anybody writes', async () => {
    const depth = 200;
    const script = `${'SELECT * FROM ('.repeat(depth)} SELECT 1 ${') x'.repeat(depth)}`;
    const [lineage] = await computeColumnLineage({ script, dialect: 'bigquery' }, new RecordedAnalyzer({}));
    expect(lineage?.gaps).toContain('queries lie in each other more than 50 levels deep');
  });
});
