import type { DescMethod, DescService, Message, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import type { InstanceKey, Log, OptimusError } from '@optimus/domain';

/** Who calls, as far as the credentials tell. */
export interface Caller {
  /** Name given with the credentials; empty when there is none. */
  readonly name: string;
  /** The one instance whose context the caller may ask for, and nothing else; undefined: the caller may do everything. */
  readonly instance: InstanceKey | undefined;
}

/** Who may call an rpc: anybody; who has a token; or besides these an attempt, with the credential of its own. */
export type Access = 'anybody' | 'token' | 'attempt';

/** What a transport knows of a call before its request is read. */
export interface IncomingCall {
  readonly transport: 'grpc' | 'rest';
  /** Address of the peer, for logs. */
  readonly peer: string;
  /** A header or metadata entry; names are lower-case. */
  header(name: string): string | undefined;
  /** Aborted when the client leaves or the deadline passes. */
  readonly signal: AbortSignal;
}

/** What a handler may use of its call. */
export interface CallContext {
  readonly caller: Caller;
  /** Who made a change, as `toAuthor` puts it together; empty when unknown. */
  readonly author: string;
  readonly signal: AbortSignal;
  /** Aborted when the server begins to stop: a call that may last for ever ends then. */
  readonly stopping: AbortSignal;
  readonly log: Log;
  /** A header or metadata entry; names are lower-case. */
  header(name: string): string | undefined;
  /** Ends a call that streams answers with the error, also while an answer is on its way that the peer does not take. */
  cut(error: OptimusError): void;
}

/** The messages of one call, whatever the transport. */
export interface CallIo {
  /** The request of a call that has one. */
  request(): Promise<Message>;
  /** The requests of a call that streams them. */
  requests(): AsyncIterable<Message>;
  /** Resolves when the peer has room for more. */
  send(message: Message): Promise<void>;
}

type Awaitable<T> = T | Promise<T>;

/** The handler of one rpc, typed by its descriptor. Answers are message initialisers; failures are thrown. */
export type MethodHandler<M extends Pick<DescMethod, 'input' | 'output' | 'methodKind'>> =
  M['methodKind'] extends 'unary'
    ? (request: MessageShape<M['input']>, context: CallContext) => Awaitable<MessageInitShape<M['output']>>
    : M['methodKind'] extends 'server_streaming'
      ? (
          request: MessageShape<M['input']>,
          context: CallContext,
        ) => AsyncIterable<MessageInitShape<M['output']>>
      : (
          requests: AsyncIterable<MessageShape<M['input']>>,
          context: CallContext,
        ) => AsyncIterable<MessageInitShape<M['output']>>;

/** The handlers of a whole service: a missing one is a compile error. */
export type ServiceHandlers<S extends DescService> = {
  readonly [K in keyof S['method']]: MethodHandler<S['method'][K]>;
};

/** One rpc with its handler, ready to be served by any transport. */
export interface BoundMethod {
  readonly desc: DescMethod;
  readonly access: Access;
  /** Runs the handler: takes what it needs from `io` and sends what it answers. */
  handle(io: CallIo, context: CallContext): Promise<void>;
}
