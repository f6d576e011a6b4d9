import type { SqlDialect } from '../sql/sql-dialect.ts';

/** How the SQL of a task is read, and where its tables lie. */
export interface SqlStore {
  readonly dialect: SqlDialect;
  /** The scheme of the tables' URNs. */
  readonly scheme: string;
  /** How many parts name a table in full; fewer than that are completed or refused. */
  readonly parts: number;
}

/** The parsers that a plugin's description may name under `asset_parsers`. MaxCompute speaks a dialect of Hive, as Spark does. */
export const SQL_STORES: ReadonlyMap<string, SqlStore> = new Map<string, SqlStore>([
  ['bq', { dialect: 'bigquery', scheme: 'bigquery', parts: 3 }],
  ['bigquery', { dialect: 'bigquery', scheme: 'bigquery', parts: 3 }],
  ['maxcompute', { dialect: 'spark', scheme: 'maxcompute', parts: 3 }],
  ['postgres', { dialect: 'postgres', scheme: 'postgres', parts: 2 }],
  ['duckdb', { dialect: 'duckdb', scheme: 'duckdb', parts: 1 }],
  ['snowflake', { dialect: 'snowflake', scheme: 'snowflake', parts: 3 }],
  ['spark', { dialect: 'spark', scheme: 'spark', parts: 2 }],
  ['trino', { dialect: 'trino', scheme: 'trino', parts: 3 }],
]);

/** The store that a resource lies in; undefined for one whose tables nobody names in SQL. */
export function findSqlStore(urn: string): SqlStore | undefined {
  return [...SQL_STORES.values()].find(({ scheme }) => urn.startsWith(`${scheme}://`));
}

/** `bigquery://project:dataset.table`; of other stores the parts joined by dots: `trino://hive.sales.orders`. */
export function toResourceUrn({ scheme }: SqlStore, parts: readonly string[]): string {
  if (scheme !== 'bigquery') return `${scheme}://${parts.join('.')}`;
  const [project = '', ...rest] = parts;
  return `bigquery://${project}:${rest.join('.')}`;
}
