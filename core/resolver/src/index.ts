export { type BuiltJobGraph, buildJobGraph, type JobGraphInput } from './graph/build-job-graph.ts';
export { type Cycle, findCycles, toCycleError } from './graph/find-cycles.ts';
export type { ExternalDependency, JobGraph, ReachedJob } from './graph/job-graph.ts';
export { computePriorities, sortByDependency } from './graph/job-priority.ts';
