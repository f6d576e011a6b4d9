import { OptimusError } from '@optimus/domain';
import { grpc } from '@optimus/proto';
import type { CallContext, ServiceHandlers } from '../call/call.ts';

const { SERVING, NOT_SERVING, SERVICE_UNKNOWN } = grpc.HealthCheckResponse_ServingStatus;

/** Says that the server serves, as a whole (the empty name) and by service, until it begins to stop. */
export function createHealthHandlers(serviceNames: readonly string[]): ServiceHandlers<typeof grpc.Health> {
  const known = new Set(['', ...serviceNames]);
  return {
    check({ service }, context) {
      if (known.has(service)) return { status: statusOf(context) };
      throw new OptimusError('NOT_FOUND', { message: `no service "${service}"`, fields: { service } });
    },
    async *watch({ service }, context) {
      if (known.has(service)) yield { status: statusOf(context) };
      else yield { status: SERVICE_UNKNOWN };
      await untilAborted(AbortSignal.any([context.signal, context.stopping]));
      if (known.has(service) && !context.signal.aborted) yield { status: NOT_SERVING };
    },
  };
}

function statusOf({ stopping }: CallContext): typeof SERVING | typeof NOT_SERVING {
  return stopping.aborted ? NOT_SERVING : SERVING;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
