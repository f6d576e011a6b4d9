export * from './attempt-outcome.ts';
export * from './list-runs.ts';
export * from './make-run-context.ts';
export type * from './run.ts';
export type * from './run-context.ts';
export * from './run-credential.ts';
export * from './run-jobs.ts';
export * from './run-state.ts';
