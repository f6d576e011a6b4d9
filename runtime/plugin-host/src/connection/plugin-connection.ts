import {
  create,
  type DescMessage,
  type DescMethodServerStreaming,
  type DescMethodUnary,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import { type CallOptions, Client, type ClientReadableStream, credentials } from '@grpc/grpc-js';
import type { Handshake } from '../process/handshake.ts';

/** A method and the name under which the plugin serves its service. */
export interface UnaryCall<I extends DescMessage, O extends DescMessage> {
  readonly method: DescMethodUnary<I, O>;
  readonly servedAs: string;
  readonly request: MessageInitShape<I>;
  readonly timeoutMs: number;
}

/**
 * Nothing else: go-plugin servers refuse keep-alive pings, know no compression, and a proxy has no business between
 * two processes of one machine.
 */
const channelOptions = {
  'grpc.max_receive_message_length': -1,
  'grpc.max_send_message_length': -1,
  'grpc.enable_http_proxy': 0,
  'grpc.use_local_subchannel_pool': 1,
} as const;

/** The one channel to a plugin. Methods reject with grpc-js's `ServiceError`. */
export class PluginConnection {
  readonly #client: Client;

  constructor({ network, address }: Handshake) {
    const target = network === 'unix' ? `unix:${address}` : address;
    this.#client = new Client(target, credentials.createInsecure(), channelOptions);
  }

  call<I extends DescMessage, O extends DescMessage>(call: UnaryCall<I, O>): Promise<MessageShape<O>> {
    const { method, servedAs, timeoutMs } = call;
    const options: CallOptions = { deadline: Date.now() + timeoutMs };
    return new Promise((resolve, reject) => {
      this.#client.makeUnaryRequest(
        `/${servedAs}/${method.name}`,
        (message: MessageShape<I>) => Buffer.from(toBinary(method.input, message)),
        (bytes) => fromBinary(method.output, bytes),
        create(method.input, call.request),
        options,
        (error, answer) => (answer === undefined ? reject(error) : resolve(answer)),
      );
    });
  }

  stream<I extends DescMessage, O extends DescMessage>(
    method: DescMethodServerStreaming<I, O>,
    request: MessageInitShape<I>,
  ): ClientReadableStream<MessageShape<O>> {
    return this.#client.makeServerStreamRequest(
      `/${method.parent.typeName}/${method.name}`,
      (message: MessageShape<I>) => Buffer.from(toBinary(method.input, message)),
      (bytes) => fromBinary(method.output, bytes),
      create(method.input, request),
    );
  }

  /** For the one bidirectional method, reflection. */
  get client(): Client {
    return this.#client;
  }

  close(): void {
    this.#client.close();
  }
}
