import { type ErrorCode, OptimusError } from '@optimus/domain';

/** What a failure needs to name its plugin. */
export interface PluginIdentity {
  /** The name within the file name, known before the plugin has said its own. */
  readonly name: string;
  readonly path: string;
}

export interface FailureDetail {
  readonly hint?: string;
  readonly cause?: unknown;
}

/** An error that begins with the plugin and its file: a reader with ten plugins must know which one. */
export function createPluginFailure(
  code: ErrorCode,
  plugin: PluginIdentity,
  problem: string,
  detail: FailureDetail = {},
): OptimusError {
  return new OptimusError(code, {
    message: `plugin ${plugin.name} (${plugin.path}): ${problem}`,
    fields: { plugin: plugin.name, path: plugin.path },
    ...detail,
  });
}

/** A plugin that cannot be used until its file, or its place, is mended. */
export function createUnusable(
  plugin: PluginIdentity,
  problem: string,
  detail: FailureDetail = {},
): OptimusError {
  return createPluginFailure('PLUGIN_UNUSABLE', plugin, problem, detail);
}
