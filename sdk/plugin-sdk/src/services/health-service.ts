import { create } from '@bufbuild/protobuf';
import type { handleServerStreamingCall, UntypedServiceImplementation } from '@grpc/grpc-js';
import {
  Health,
  type HealthCheckRequest,
  type HealthCheckResponse,
  HealthCheckResponse_ServingStatus,
  HealthCheckResponseSchema,
} from '@optimus/proto/grpc';
import { PluginError } from '../plugin-error.ts';
import { toImplementation } from './unary-handlers.ts';

/** The server as a whole, and the name that go-plugin hosts ask for. */
const knownServices = ['', 'plugin'];

const serving = { status: HealthCheckResponse_ServingStatus.SERVING };

/** Says that the plugin serves; it does from the handshake to its end. */
export function createHealthImplementation(): UntypedServiceImplementation {
  return { ...toImplementation(Health, { check }), watch };
}

function check({ service }: HealthCheckRequest): typeof serving {
  if (knownServices.includes(service)) return serving;
  throw new PluginError('unknown service', { code: 'NOT_FOUND' });
}

/** Stays open after the one status, as there is never another. */
const watch: handleServerStreamingCall<HealthCheckRequest, HealthCheckResponse> = (call) => {
  const status = knownServices.includes(call.request.service)
    ? HealthCheckResponse_ServingStatus.SERVING
    : HealthCheckResponse_ServingStatus.SERVICE_UNKNOWN;
  call.write(create(HealthCheckResponseSchema, { status }));
};
