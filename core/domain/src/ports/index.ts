export type * from './change-feed.ts';
export type * from './executor.ts';
export type * from './job-store.ts';
export { type Log, SILENT_LOG } from './log.ts';
export type * from './plugin-catalog.ts';
export type * from './project-store.ts';
export type * from './run-store.ts';
export type * from './secret-store.ts';
export type * from './service.ts';
