export { createDockerExecutor, type DockerExecutorOptions } from './docker/docker-executor.ts';
export type { PullPolicy } from './docker/docker-image.ts';
export { createProcessExecutor, type ProcessExecutorOptions } from './process/process-executor.ts';
export { type CommandLine, toImageName } from './process/process-image.ts';
export { createProcessLogStore } from './process/process-log-store.ts';
