import type { core } from '@optimus/proto';
import type { ApiDeps } from '../api-deps.ts';
import type { ServiceHandlers } from '../call/call.ts';
import { answerRegisterJobEvent } from './run-events.ts';

/** Handlers of `RuntimeService`. */
export function createRuntimeHandlers(
  deps: ApiDeps,
  version: string,
): ServiceHandlers<typeof core.RuntimeService> {
  return {
    version: () => ({ server: version }),
    registerJobEvent: (request, context) => answerRegisterJobEvent(deps, request, context),
  };
}
