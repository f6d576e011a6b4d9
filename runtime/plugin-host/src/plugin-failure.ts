import { type ErrorCode, OptimusError } from '@optimus/domain';

/** What a failure needs to name its plugin. */
export interface PluginIdentity {
  /** The name within the file name, known before the plugin has said its own. */
  readonly name: string;
  readonly path: string;
  /** Where `path` leads, when it is a link. */
  readonly target?: string;
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
  const { name, path, target } = plugin;
  const place = target === undefined ? path : `${path} → ${target}`;
  return new OptimusError(code, {
    message: `plugin ${name} (${place}): ${problem}`,
    fields: { plugin: name, path },
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
