export type { CallTimeouts } from './catalog/mod-calls.ts';
export { type DiscoveredPlugin, parseDescriptionFileName } from './discovery/discover-plugins.ts';
export { findPluginFiles } from './discovery/find-plugin-files.ts';
export type { DirectoryOptions } from './discovery/plugin-directories.ts';
export { parsePluginFileName } from './discovery/plugin-file-name.ts';
export { inspectPlugin, type PluginInspection, thisPlatform } from './inspection/inspect-plugin.ts';
export { createPluginHost, type PluginHost, type PluginHostOptions } from './plugin-host.ts';
export type { CaseResult, VerificationReport } from './verify/conformance-case.ts';
export { verifyPlugin } from './verify/verify-plugin.ts';
