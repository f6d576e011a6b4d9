export * from './deploy-jobs.ts';
export { findAssetNameProblem, findJobSpecProblems, MAX_ASSET_BYTES } from './find-job-spec-problems.ts';
export * from './get-job.ts';
export type { Job, JobDigest, JobKey } from './job.ts';
export { toCanonicalJson, toJobContentHash } from './job-content-hash.ts';
export { type JobName, parseJobName } from './job-name.ts';
export type * from './job-spec.ts';
export type { FindTemplateProblems, JobSpecProblem } from './job-spec-problem.ts';
