/** A dialect of SQL whose tables can be found. */
export type SqlDialect = 'bigquery' | 'postgres' | 'duckdb' | 'snowflake' | 'spark' | 'trino';

/** How a dialect makes one name out of the many ways to write it. */
export type CaseRule =
  /** Names are what they are: BigQuery. */
  | 'exact'
  /** All names are in lower case, quoted or not. */
  | 'lower'
  /** Names without quotes are in lower case: PostgreSQL. */
  | 'lower-unquoted'
  /** Names without quotes are in upper case: Snowflake. */
  | 'upper-unquoted';

/** Where dialects differ as far as finding tables goes. */
export interface DialectRules {
  readonly names: CaseRule;
  /** Characters that quote a name. */
  readonly nameQuotes: string;
  /** Characters that quote a string. */
  readonly stringQuotes: string;
  /** `'''` and `"""`, strings that end with their line, and raw strings in which a backslash still keeps the quote. */
  readonly bigQueryStrings: boolean;
  /** Whether `\'` continues a string: always, only after the prefix `E`, or never. */
  readonly backslash: 'always' | 'prefix' | 'never';
  /** `$$…$$` and `$tag$…$tag$`. */
  readonly dollarStrings: boolean;
  readonly hashComments: boolean;
  readonly slashComments: boolean;
  readonly nestedComments: boolean;
  /** `my-project.data.t` without quotes, `events_*`, and a quoted path that holds all parts. */
  readonly bigQueryPaths: boolean;
  /** `FROM t, t.items` reads an array of `t`. */
  readonly implicitUnnest: boolean;
  /** `FROM @stage/path` reads files. */
  readonly stages: boolean;
  /** `FROM STREAM t` reads `t`. */
  readonly streams: boolean;
  /** `SELECT … INTO t` makes a table. */
  readonly selectInto: boolean;
}

const standard: DialectRules = {
  names: 'lower',
  nameQuotes: '"',
  stringQuotes: "'",
  bigQueryStrings: false,
  backslash: 'never',
  dollarStrings: false,
  hashComments: false,
  slashComments: false,
  nestedComments: false,
  bigQueryPaths: false,
  implicitUnnest: false,
  stages: false,
  streams: false,
  selectInto: false,
};

const rulesByDialect: Readonly<Record<SqlDialect, DialectRules>> = {
  bigquery: {
    ...standard,
    names: 'exact',
    nameQuotes: '`',
    stringQuotes: `'"`,
    bigQueryStrings: true,
    backslash: 'always',
    hashComments: true,
    bigQueryPaths: true,
    implicitUnnest: true,
  },
  postgres: {
    ...standard,
    names: 'lower-unquoted',
    backslash: 'prefix',
    dollarStrings: true,
    nestedComments: true,
    selectInto: true,
  },
  duckdb: { ...standard, backslash: 'prefix', dollarStrings: true, nestedComments: true },
  snowflake: {
    ...standard,
    names: 'upper-unquoted',
    backslash: 'always',
    dollarStrings: true,
    slashComments: true,
    stages: true,
  },
  spark: {
    ...standard,
    nameQuotes: '`',
    stringQuotes: `'"`,
    backslash: 'always',
    nestedComments: true,
    streams: true,
  },
  trino: standard,
};

/** Every dialect, BigQuery first. */
export const SQL_DIALECTS: readonly SqlDialect[] = [
  'bigquery',
  'postgres',
  'duckdb',
  'snowflake',
  'spark',
  'trino',
];

export function getDialectRules(dialect: SqlDialect): DialectRules {
  return rulesByDialect[dialect];
}

/** The one form of a name's part in its dialect. */
export function foldName(name: string, quoted: boolean, { names }: DialectRules): string {
  switch (names) {
    case 'exact':
      return name;
    case 'lower':
      return name.toLowerCase();
    case 'lower-unquoted':
      return quoted ? name : name.toLowerCase();
    case 'upper-unquoted':
      return quoted ? name : name.toUpperCase();
  }
}
