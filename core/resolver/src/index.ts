export { type BuiltJobGraph, buildJobGraph, type JobGraphInput } from './graph/build-job-graph.ts';
export { type Cycle, findCycles, toCycleError } from './graph/find-cycles.ts';
export type { ExternalDependency, JobGraph, ReachedJob } from './graph/job-graph.ts';
export { computePriorities, sortByDependency } from './graph/job-priority.ts';
export { findSqlTables } from './sql/find-sql-tables.ts';
export { SQL_DIALECTS, type SqlDialect } from './sql/sql-dialect.ts';
export type { SqlPosition, SqlProblem, SqlTables, TableRef, WrittenTable } from './sql/sql-tables.ts';
