import { toErrorMessage } from '@optimus/domain';
import type { AnalyzedColumns, ColumnAnalyzer, SqlDialect } from '@optimus/resolver';
import type * as Polyglot from '@polyglot-sql/sdk';

const dialectNames: Readonly<Record<SqlDialect, string>> = {
  bigquery: 'bigquery',
  postgres: 'postgresql',
  duckdb: 'duckdb',
  snowflake: 'snowflake',
  spark: 'spark',
  trino: 'trino',
};

/** Statements beyond this are generated, and the parser's tree of one takes hundreds of times its length. */
const LONGEST_STATEMENT = 200_000;

/** The parser of polyglot-sql, compiled to WebAssembly: 23 MB and half a second when it is first asked, nothing before. */
export class PolyglotAnalyzer implements ColumnAnalyzer {
  #loading: Promise<typeof Polyglot> | undefined;

  /** Never rejects: what the parser refuses, and what it breaks on, is a gap that says so. */
  async analyze(statement: string, dialect: SqlDialect): Promise<AnalyzedColumns> {
    if (statement.length > LONGEST_STATEMENT)
      return toGap(`the statement is longer than ${LONGEST_STATEMENT} characters`);
    try {
      this.#loading ??= import('@polyglot-sql/sdk');
      const { openLineageColumnLineage } = await this.#loading;
      return toColumns(openLineageColumnLineage(statement, toOptions(dialect)));
    } catch (error) {
      return toGap(`the parser broke off: ${toErrorMessage(error)}`);
    }
  }
}

/** The parser wants the names of a standard that we do not use; a query without a target needs one too. */
function toOptions(dialect: SqlDialect) {
  const namespace = 'optimus';
  return {
    dialect: dialectNames[dialect],
    producer: 'optimus',
    datasetNamespace: namespace,
    outputDataset: { namespace, name: 'result' },
  };
}

function toColumns({
  success,
  facet,
  warnings,
  error,
}: Polyglot.OpenLineageColumnLineageResult): AnalyzedColumns {
  if (!success || !facet)
    return toGap(`the parser does not know the statement: ${error ?? 'it says no more'}`);
  const columns = Object.entries(facet.fields).map(([column, { inputFields }]) => ({
    column,
    sources: inputFields.map(({ name, field }) => ({ table: name, column: field })),
  }));
  return { columns, gaps: warnings.map(toWarning) };
}

function toWarning({ code, message }: Polyglot.OpenLineageWarning): string {
  return code === 'W_STAR_WITHOUT_SCHEMA' ? 'a star stands for columns that only the table knows' : message;
}

function toGap(gap: string): AnalyzedColumns {
  return { columns: [], gaps: [gap] };
}
