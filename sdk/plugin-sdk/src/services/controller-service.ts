import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import { GRPCController } from '@optimus/proto/go-plugin';
import { toImplementation } from './unary-handlers.ts';

/** Lets the host stop the plugin. The stop begins once the answer is on its way. */
export function createControllerImplementation(stop: () => void): UntypedServiceImplementation {
  return toImplementation(GRPCController, {
    shutdown() {
      setImmediate(stop);
      return {};
    },
  });
}
