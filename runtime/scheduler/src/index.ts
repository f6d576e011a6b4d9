export { createEmbeddedScheduler, type EmbeddedSchedulerOptions } from './embedded/embedded-scheduler.ts';
export type { RetentionPolicy } from './embedded/retention-policy.ts';
export { createHttpClient } from './upstreams/http-client.ts';
export { createOtherServers, type OtherServer } from './upstreams/other-servers.ts';
