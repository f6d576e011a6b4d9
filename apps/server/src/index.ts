export { type Environment } from './config/config-environment.ts';
export { type ConfigRequest, type LoadedConfig, loadServerConfig } from './config/load-server-config.ts';
export { redactConfig } from './config/redact-config.ts';
export type { CommandLine, LogLevel, ServerConfig } from './config/server-config.ts';
export { createPinoLog, type PinoLogOptions } from './log/pino-log.ts';
export { type RunServerOptions, runServer } from './run-server.ts';
export { type RunningServer, type ServeOptions, serve } from './serve.ts';
