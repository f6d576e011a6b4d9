/** Words that end a FROM clause wherever they stand in it. */
export const CLAUSE_WORDS: ReadonlySet<string> = new Set([
  'WHERE',
  'GROUP',
  'HAVING',
  'ORDER',
  'LIMIT',
  'QUALIFY',
  'WINDOW',
  'UNION',
  'INTERSECT',
  'EXCEPT',
  'MINUS',
  'SET',
  'RETURNING',
  'FETCH',
]);

/** Words that are no alias although they may follow a table. */
export const NO_ALIAS: ReadonlySet<string> = new Set([
  ...CLAUSE_WORDS,
  'OFFSET',
  'ON',
  'USING',
  'JOIN',
  'INNER',
  'LEFT',
  'RIGHT',
  'FULL',
  'CROSS',
  'NATURAL',
  'OUTER',
  'SEMI',
  'ANTI',
  'ASOF',
  'POSITIONAL',
  'LATERAL',
  'WHEN',
  'FOR',
  'TABLESAMPLE',
  'SAMPLE',
  'PIVOT',
  'UNPIVOT',
  'MATCH_RECOGNIZE',
  'SELECT',
  'WITH',
  'CONNECT',
  'START',
  'DISTRIBUTE',
  'SORT',
  'CLUSTER',
  'THEN',
  'DO',
  'LOOP',
  'VALUES',
  'DEFAULT',
  'INSERT',
  'INTO',
]);

/** Words that introduce an item of FROM without being one. */
export const ITEM_PREFIXES: ReadonlySet<string> = new Set(['LATERAL', 'ONLY', 'OUTER', 'VIEW']);

/** Functions whose arguments have a FROM of their own. */
export const FUNCTIONS_WITH_FROM: ReadonlySet<string> = new Set([
  'EXTRACT',
  'TRIM',
  'SUBSTRING',
  'OVERLAY',
  'LTRIM',
  'RTRIM',
]);

/** Set operations: what follows is another branch of the same query. */
export const SET_OPERATIONS: ReadonlySet<string> = new Set(['UNION', 'INTERSECT', 'EXCEPT', 'MINUS']);

/** Statements that neither read nor write rows, whatever other words stand in them. */
export const IDLE_STATEMENTS: ReadonlySet<string> = new Set([
  'GRANT',
  'REVOKE',
  'DENY',
  'SHOW',
  'DROP',
  'UNDROP',
  'COMMENT',
  'ANALYZE',
  'VACUUM',
  'USE',
  'ATTACH',
  'DETACH',
  'FETCH',
  'CLOSE',
  'LOCK',
  'DO',
  'END',
  'IMPORT',
  'DESCRIBE',
  'DESC',
  'OPTIMIZE',
]);

/** Words of scripts after which another statement begins at once. */
export const BLOCK_WORDS: ReadonlySet<string> = new Set(['BEGIN', 'ELSE', 'LOOP', 'REPEAT']);

/** Words of scripts that a condition follows, and then THEN, DO or LOOP. */
export const CONTROL_WORDS: ReadonlySet<string> = new Set([
  'IF',
  'ELSEIF',
  'ELSIF',
  'WHILE',
  'WHEN',
  'CASE',
  'FOR',
  'EXCEPTION',
  'UNTIL',
]);
