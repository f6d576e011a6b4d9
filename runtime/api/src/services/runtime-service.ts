import { core } from '@optimus/proto';
import { toUnsupported } from '../call/bind-service.ts';
import type { ServiceHandlers } from '../call/call.ts';

const { registerJobEvent } = core.RuntimeService.method;

/** Handlers of `RuntimeService`. */
export function createRuntimeHandlers(version: string): ServiceHandlers<typeof core.RuntimeService> {
  return {
    version: () => ({ server: version }),
    registerJobEvent() {
      throw toUnsupported(registerJobEvent, 'events of a scheduler outside the server are');
    },
  };
}
