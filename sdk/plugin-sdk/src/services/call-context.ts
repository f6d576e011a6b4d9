import type { PluginOptions } from '@optimus/proto/plugins';
import type { Logger } from '../logger.ts';
import type { CallContext } from '../plugin.ts';

/** Makes what a handler is given beside its request. */
export type CallContextSource = (
  request: { readonly options?: PluginOptions | undefined },
  signal: AbortSignal,
) => CallContext;

export function createCallContextSource(log: Logger): CallContextSource {
  return (request, signal) => ({ log, signal, dryRun: request.options?.dryRun ?? false });
}
