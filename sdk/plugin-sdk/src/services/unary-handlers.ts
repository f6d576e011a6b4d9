import { create, type DescMessage, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf';
import type { GenService, GenServiceMethods } from '@bufbuild/protobuf/codegenv2';
import type { handleUnaryCall, ServiceError, UntypedServiceImplementation } from '@grpc/grpc-js';
import type { Awaitable } from '../plugin.ts';
import { messageOf, PluginError, pluginErrorCodes } from '../plugin-error.ts';

type Methods<S extends GenService<GenServiceMethods>> = S['method'];

/** One function for each unary method of a service. */
export type UnaryHandlers<S extends GenService<GenServiceMethods>> = {
  readonly [K in keyof Methods<S> as Methods<S>[K]['methodKind'] extends 'unary' ? K : never]: (
    request: MessageShape<Methods<S>[K]['input']>,
    signal: AbortSignal,
  ) => Awaitable<MessageInitShape<Methods<S>[K]['output']>>;
};

/** Handlers as grpc-js wants them: whatever they throw becomes a status, and a cancelled call aborts the signal. */
export function toImplementation<S extends GenService<GenServiceMethods>>(
  service: S,
  handlers: UnaryHandlers<S>,
): UntypedServiceImplementation {
  const unary = service.methods.filter((method) => method.methodKind === 'unary');
  const entries = unary.map((method) => {
    const handler = handlers[method.localName as keyof UnaryHandlers<S>] as AnyHandler;
    return [method.localName, toUnaryCall(method.output, handler)];
  });
  return Object.fromEntries(entries);
}

type AnyHandler = (request: unknown, signal: AbortSignal) => Awaitable<Record<string, unknown>>;

function toUnaryCall(output: DescMessage, handler: AnyHandler): handleUnaryCall<unknown, unknown> {
  return (call, callback) => {
    const abort = new AbortController();
    call.on('cancelled', () => abort.abort());
    // The async function turns what a handler throws synchronously into a rejection.
    const answer = async () => create(output, await handler(call.request, abort.signal));
    answer().then(
      (message) => callback(null, message),
      (thrown: unknown) => callback(toStatus(thrown)),
    );
  };
}

/** The status the host sees. A number in `code` is a gRPC status that the author chose; it is kept. */
function toStatus(thrown: unknown): Partial<ServiceError> {
  return { code: toStatusCode(thrown), details: messageOf(thrown) };
}

function toStatusCode(thrown: unknown): number {
  if (thrown instanceof PluginError) return pluginErrorCodes[thrown.code];
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined;
  const isStatus = typeof code === 'number' && Number.isInteger(code) && code >= 1 && code <= 16;
  return isStatus ? code : pluginErrorCodes.UNKNOWN;
}
