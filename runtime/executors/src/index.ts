export { createProcessExecutor, type ProcessExecutorOptions } from './process/process-executor.ts';
export { type CommandLine, toImageName } from './process/process-image.ts';
export { createProcessLogStore } from './process/process-log-store.ts';
