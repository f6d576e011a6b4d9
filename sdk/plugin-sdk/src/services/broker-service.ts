import type { handleBidiStreamingCall, UntypedServiceImplementation } from '@grpc/grpc-js';
import type { ConnInfo } from '@optimus/proto/go-plugin';

/** Go hosts open this stream at once; Optimus never sends anything over it. */
export function createBrokerImplementation(): UntypedServiceImplementation {
  const startStream: handleBidiStreamingCall<ConnInfo, ConnInfo> = (call) => {
    call.on('data', () => {});
    call.on('error', () => {});
    call.on('end', () => call.end());
  };
  return { startStream };
}
