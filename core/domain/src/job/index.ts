export * from './binary-asset.ts';
export * from './change-jobs.ts';
export { checkJobs, type DeployDeps } from './check-jobs.ts';
export { type CompileJobDeps } from './compile-job.ts';
export { type DeleteJobsRequest, deleteJobs } from './delete-jobs.ts';
export {
  type DeployRequest,
  type DeployResult,
  deployJobs,
  saveJob,
  toRefusal,
} from './deploy-jobs.ts';
export { diffSpecs, type FieldChange } from './diff-specs.ts';
export { assertWebAddress } from './find-endpoint-problems.ts';
export { findAssetNameProblem, findJobSpecProblems, MAX_ASSET_BYTES } from './find-job-spec-problems.ts';
export { inferJobWarnings } from './find-job-warnings.ts';
export type { OtherWriter } from './find-other-writers.ts';
export * from './get-job.ts';
export {
  createInferResources,
  type InferenceDeps,
  type InferResources,
  type InferredResources,
  toResources,
} from './infer-resources.ts';
export * from './inspect-job.ts';
export type { Job, JobDigest, JobKey } from './job.ts';
export { toCanonicalJson, toJobContentHash } from './job-content-hash.ts';
export * from './job-edge.ts';
export { type JobName, parseJobName } from './job-name.ts';
export type * from './job-spec.ts';
export type { FindTemplateProblems, JobSpecProblem, RefusedJob } from './job-spec-problem.ts';
export { type JobTreeNode } from './job-tree.ts';
export * from './job-versions.ts';
export type { FindMissingValues, JobWarning } from './job-warning.ts';
export * from './order-jobs.ts';
export * from './overlap-policy.ts';
export * from './refresh-jobs.ts';
export * from './resource-match.ts';
export * from './save-jobs.ts';
export type { UnknownRead } from './unknown-read.ts';
export * from './validate-jobs.ts';
