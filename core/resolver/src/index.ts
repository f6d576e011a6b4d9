export { type BuiltJobGraph, buildJobGraph, type JobGraphInput } from './graph/build-job-graph.ts';
export { type Cycle, findCycles, toCycleError } from './graph/find-cycles.ts';
export type { ExternalDependency, JobGraph, ReachedJob } from './graph/job-graph.ts';
export { computePriorities, sortByDependency } from './graph/job-priority.ts';
export type {
  AnalyzedColumn,
  AnalyzedSelect,
  AnalyzedSource,
  ColumnAnalyzer,
  TableColumns,
} from './lineage/column-analyzer.ts';
export {
  computeColumnLineage,
  type InfluencingColumn,
  type LineageInput,
  type SourceColumn,
  type StatementLineage,
  type WrittenColumn,
} from './lineage/column-lineage.ts';
export { computeJobLineage, guessSourceTexts, listSourceUrns } from './lineage/job-lineage.ts';
export { findUnknownReads } from './resource/find-unknown-reads.ts';
export {
  type InferenceInput,
  type InferenceProblem,
  type InferredResource,
  type InferredResources,
  inferResources,
  type NamedSql,
} from './resource/infer-resources.ts';
export { findSqlStore, SQL_STORES, type SqlStore, toResourceUrn } from './resource/resource-urn.ts';
export { parseSelector } from './selector/parse-selector.ts';
export { type SelectableJob, type SelectionScope, selectJobs } from './selector/select-jobs.ts';
export { type Criterion, listCriteria, type Selector, type SelectorTerm } from './selector/selector.ts';
export { findSqlTables } from './sql/find-sql-tables.ts';
export { SQL_DIALECTS, type SqlDialect } from './sql/sql-dialect.ts';
export type { SqlPosition, SqlProblem, SqlTables, TableRef, WrittenTable } from './sql/sql-tables.ts';
