import type { Duplex } from 'node:stream';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { BoundMethod } from '../call/call.ts';
import type { CallRunner } from '../call/call-runner.ts';
import { registerMethod } from './grpc-method.ts';

/** The largest message in either direction, in bytes. */
export const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/** gRPC without a socket of its own: it takes over connections that the listener accepted. */
export interface GrpcServer {
  /** Serves HTTP/2 on a connection of which nothing has been read yet. */
  accept(connection: Duplex): void;
  /** Lets calls in flight end, for at most `graceMs`; then cuts them. */
  drain(graceMs: number): void;
  /** Frees what is left, at once. */
  destroy(): void;
}

/** Serves the methods over HTTP/2. */
export function createGrpcServer(methods: readonly BoundMethod[], runner: CallRunner): GrpcServer {
  const server = new Server({
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
    // Finds peers that vanished without a word; a live one answers the ping.
    'grpc.keepalive_time_ms': 60_000,
    'grpc.keepalive_timeout_ms': 20_000,
    'grpc.max_connection_idle_ms': 30 * 60_000,
    // Connections are many and the registry is read by nobody.
    'grpc.enable_channelz': 0,
  });
  for (const method of methods) registerMethod(server, method, runner);
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  return {
    accept: (connection) => injector.injectConnection(connection),
    drain: (graceMs) => injector.drain(graceMs),
    destroy() {
      injector.destroy();
      server.forceShutdown();
    },
  };
}
