export { describeContextStore } from './context-store-conformance.ts';
export { describeExecutor, type ExecutorHost } from './executor-conformance.ts';
export { describeHistory } from './history-conformance.ts';
export { createInMemoryLineages } from './in-memory-lineages.ts';
export * from './in-memory-ports.ts';
export { describeJobEdges } from './job-edge-conformance.ts';
export * from './job-fixtures.ts';
export { describeJobIndex } from './job-index-conformance.ts';
export { describeJobStore } from './job-store-conformance.ts';
export { describeLeaseStore } from './lease-store-conformance.ts';
export { describeLineageStore } from './lineage-store-conformance.ts';
export { describeProjectStore } from './project-store-conformance.ts';
export { claimOne, DONE, EXIT_0 } from './run-claims.ts';
export { describeRunControl } from './run-control-conformance.ts';
export { describeRunLeases } from './run-lease-conformance.ts';
export { describeRunLimits } from './run-limits-conformance.ts';
export { describeRunListing } from './run-listing-conformance.ts';

export { describeRunOverlap } from './run-overlap-conformance.ts';
export { describeRunPools } from './run-pools-conformance.ts';
export { describeRunProbes } from './run-probe-conformance.ts';
export { describeRunStore } from './run-store-conformance.ts';

export { describeRunWaiting } from './run-waiting-conformance.ts';
export { describeScheduleStore } from './schedule-store-conformance.ts';
export { describeSecretStore } from './secret-store-conformance.ts';
export {
  type GetStorePorts,
  makeTenant,
  planRun,
  type StorePorts,
  type Tenant,
  toUpsert,
} from './store-ports.ts';
