import {
  type DescMethod,
  type DescService,
  fromBinary,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';

/**
 * How grpc-js is to serve a service. `servedAs` replaces the service's name in its paths: older hosts call the same
 * messages by other names.
 */
export function toServiceDefinition(service: DescService, servedAs = service.typeName): ServiceDefinition {
  const methods = service.methods.map((method) => [method.localName, toMethodDefinition(method, servedAs)]);
  return Object.fromEntries(methods);
}

/** Paths, streaming and codecs of one method. */
export function toMethodDefinition<M extends DescMethod>(
  method: M,
  servedAs: string,
): MethodDefinition<MessageShape<M['input']>, MessageShape<M['output']>> {
  return {
    path: `/${servedAs}/${method.name}`,
    requestStream: method.methodKind === 'client_streaming' || method.methodKind === 'bidi_streaming',
    responseStream: method.methodKind === 'server_streaming' || method.methodKind === 'bidi_streaming',
    requestSerialize: (message) => Buffer.from(toBinary(method.input, message)),
    requestDeserialize: (bytes) => fromBinary(method.input, bytes) as MessageShape<M['input']>,
    responseSerialize: (message) => Buffer.from(toBinary(method.output, message)),
    responseDeserialize: (bytes) => fromBinary(method.output, bytes) as MessageShape<M['output']>,
  };
}
