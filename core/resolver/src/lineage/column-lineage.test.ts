import { describe, expect, it } from 'vitest';
import { type AnalyzedColumns, type ColumnAnalyzer, computeColumnLineage } from './column-lineage.ts';
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

/** Says the same of every statement, and remembers which it was asked about. */
class RecordedAnalyzer implements ColumnAnalyzer {
  readonly asked: string[] = [];
  readonly #answer: AnalyzedColumns;

  constructor(answer: AnalyzedColumns) {
    this.#answer = answer;
  }

  async analyze(statement: string): Promise<AnalyzedColumns> {
    this.asked.push(statement);
    return this.#answer;
  }
}

describe('column lineage', () => {
  const answer: AnalyzedColumns = {
    columns: [
      {
        column: 'n',
        sources: [
          { table: 'SALES.orders', column: 'id' },
          { table: 'excluded', column: 'x' },
        ],
      },
    ],
    gaps: ['a star'],
  };

  it('names tables as the scanner does, and takes what is none for a gap', async () => {
    const script = 'DROP TABLE x;\nINSERT INTO mart.n SELECT count(id) AS n FROM sales.Orders';
    expect(await computeColumnLineage(script, 'snowflake', new RecordedAnalyzer(answer))).toEqual([
      {
        position: { offset: 14, line: 2, column: 1 },
        target: ['MART', 'N'],
        columns: [{ column: 'n', sources: [{ table: ['SALES', 'ORDERS'], column: 'id' }] }],
        gaps: ['a star', '"excluded" is no table that the statement reads'],
      },
    ]);
  });

  it('asks about no statement that reads no table', async () => {
    const analyzer = new RecordedAnalyzer(answer);
    const script = 'SET x = 1; SELECT 1; SELECT a FROM t; TRUNCATE TABLE t';
    expect(await computeColumnLineage(script, 'bigquery', analyzer)).toHaveLength(1);
    expect(analyzer.asked).toEqual(['SELECT a FROM t']);
  });

  it('of a query has no target', async () => {
    const [lineage] = await computeColumnLineage('SELECT a FROM t', 'bigquery', new RecordedAnalyzer(answer));
    expect(lineage?.target).toBeUndefined();
  });
});
