export type * from './advice.ts';
export { createAdviser } from './advice.ts';
export * from './explain-job-run.ts';
export type * from './explanation.ts';
export * from './run-cause.ts';
export * from './run-facts.ts';
