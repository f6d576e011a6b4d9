import { type ColumnTransform, type RowInfluence, toErrorMessage } from '@optimus/domain';
import type {
  AnalyzedColumn,
  AnalyzedSelect,
  AnalyzedSource,
  ColumnAnalyzer,
  SqlDialect,
  TableColumns,
} from '@optimus/resolver';
import type * as Polyglot from '@polyglot-sql/sdk';

const dialectNames: Readonly<Record<SqlDialect, string>> = {
  bigquery: 'bigquery',
  postgres: 'postgresql',
  duckdb: 'duckdb',
  snowflake: 'snowflake',
  spark: 'spark',
  trino: 'trino',
};

/** Selects beyond this are generated, and the parser's tree of one takes hundreds of times its length. */
const LONGEST_SELECT = 200_000;

const EMPTY: AnalyzedSelect = { columns: [], starWidths: [], relations: [], influences: [], gaps: [] };

/** The parser of polyglot-sql, compiled to WebAssembly: 23 MB and half a second when it is first asked, nothing before. */
export class PolyglotAnalyzer implements ColumnAnalyzer {
  #loading: Promise<typeof Polyglot> | undefined;

  /** Never rejects: what the parser refuses, and what it breaks on, is a gap that says so. */
  async analyze(
    select: string,
    dialect: SqlDialect,
    tables: readonly TableColumns[],
  ): Promise<AnalyzedSelect> {
    if (select.length > LONGEST_SELECT)
      return toGap(`a select is longer than ${LONGEST_SELECT.toLocaleString('en')} characters`);
    try {
      this.#loading ??= import('@polyglot-sql/sdk');
      const { analyzeQuery } = await this.#loading;
      const { success, analysis, error } = analyzeQuery(select, {
        dialect: dialectNames[dialect],
        schema: toSchema(tables),
      });
      return success && analysis ? toSelect(analysis) : toGap(toRefusal(select, error));
    } catch (thrown) {
      return toGap(`the parser broke off: ${toErrorMessage(thrown)}`);
    }
  }
}

function toSchema(tables: readonly TableColumns[]): Polyglot.Schema {
  return {
    tables: tables.map(({ name, columns }) => ({
      name,
      columns: columns.map((column) => ({ name: column, type: '' })),
    })),
    strict: false,
  };
}

function toSelect(analysis: Polyglot.QueryAnalysis): AnalyzedSelect {
  return {
    columns: analysis.projections.map(toColumn),
    starWidths: analysis.starProjections.map(({ expandedColumns }) => {
      const isExpanded = expandedColumns.length > 0 && !expandedColumns.includes('*');
      return isExpanded ? expandedColumns.length : undefined;
    }),
    relations: analysis.relations
      .filter(({ kind }) => kind !== 'virtual')
      .map(({ name, alias }) => ({ name, alias: alias ?? name })),
    influences: (analysis.columnUses ?? []).flatMap(toInfluences),
    gaps: [],
  };
}

function toColumn(projection: Polyglot.ProjectionFact): AnalyzedColumn {
  const { name, isStar, starTable, transformKind, upstream } = projection;
  const starSource = starTable ? [{ table: starTable, column: '*' }] : [];
  return {
    name: isStar || !name || /^_col_\d+$/.test(name) ? undefined : name,
    transform: TRANSFORMS.get(transformKind) ?? 'expression',
    sources: isStar ? starSource : upstream.map(toSource),
    isStar,
  };
}

const TRANSFORMS: ReadonlyMap<string, ColumnTransform> = new Map([
  ['direct', 'direct'],
  ['aggregation', 'aggregation'],
]);

function toSource({ table, sourceName, column }: Polyglot.ColumnReferenceFact): AnalyzedSource {
  return { table: table ?? sourceName ?? undefined, column };
}

/** The clauses that decide about rows; an order decides about none, and a window is part of its expression. */
const INFLUENCES: ReadonlyMap<string, RowInfluence> = new Map([
  ['filter', 'filter'],
  ['having', 'filter'],
  ['qualify', 'filter'],
  ['join', 'join'],
  ['group', 'group'],
]);

function toInfluences({ context, references }: Polyglot.ColumnUseFact): AnalyzedSelect['influences'] {
  const how = INFLUENCES.get(context);
  return how === undefined ? [] : references.map((reference) => ({ how, source: toSource(reference) }));
}

const SHOWN_CHARACTERS = 60;

function toRefusal(select: string, error: string | undefined): string {
  const text = select.replaceAll(/\s+/g, ' ').trim();
  const shown = text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
  return `the parser does not know "${shown}": ${error ?? 'it says no more'}`;
}

function toGap(gap: string): AnalyzedSelect {
  return { ...EMPTY, gaps: [gap] };
}
