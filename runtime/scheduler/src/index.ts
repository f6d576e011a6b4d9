export { createEmbeddedScheduler, type EmbeddedSchedulerOptions } from './embedded/embedded-scheduler.ts';
