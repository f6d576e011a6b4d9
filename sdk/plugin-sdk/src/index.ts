export { type LogFields, type Logger, type LogLevel } from './logger.ts';
export type * from './plugin.ts';
export { PluginError, type PluginErrorCode } from './plugin-error.ts';
export { servePlugin } from './serve-plugin.ts';
