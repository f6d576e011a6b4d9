export type { CallTimeouts } from './catalog/mod-calls.ts';
export { createPluginHost, type PluginHost, type PluginHostOptions } from './plugin-host.ts';
