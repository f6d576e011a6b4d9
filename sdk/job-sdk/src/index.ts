export { type DefinedJob, defineJob, readJob } from './define-job.ts';
export type * from './job-definition.ts';
