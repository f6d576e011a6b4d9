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
import { fromHandshakeField, type TlsIdentity, tlsServerName } from '@optimus/proto/go-plugin-tls';
import type { Handshake } from '../process/handshake.ts';

/** A method and the name under which the plugin serves its service. */
export interface UnaryCall<I extends DescMessage, O extends DescMessage> extends CallTarget<I, O> {
  readonly request: MessageInitShape<I>;
}

interface CallTarget<I extends DescMessage, O extends DescMessage> {
  readonly method: DescMethodUnary<I, O>;
  readonly servedAs: string;
  /** Where the same messages travel under another method's name. */
  readonly calledAs?: string;
  readonly timeoutMs: number;
}

/** A call whose request is encoded already. */
export interface EncodedCall<I extends DescMessage, O extends DescMessage> extends CallTarget<I, O> {
  readonly bytes: Buffer;
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
  // Only looked at with TLS, whose certificates bear this name.
  'grpc.ssl_target_name_override': tlsServerName,
} as const;

/** The one channel to a plugin. Methods reject with grpc-js's `ServiceError`. */
export class PluginConnection {
  readonly #client: Client;

  /** With an identity the channel is encrypted and both ends prove who they are. */
  constructor({ network, address, certificate }: Handshake, identity?: TlsIdentity) {
    const target = network === 'unix' ? `unix:${address}` : address;
    this.#client = new Client(target, createCredentials(certificate, identity), channelOptions);
  }

  call<I extends DescMessage, O extends DescMessage>(call: UnaryCall<I, O>): Promise<MessageShape<O>> {
    return this.send({ ...call, bytes: encodeRequest(call.method, call.request) });
  }

  send<I extends DescMessage, O extends DescMessage>(call: EncodedCall<I, O>): Promise<MessageShape<O>> {
    const { method, servedAs, calledAs = method.name, timeoutMs, bytes: encoded } = call;
    const options: CallOptions = { deadline: Date.now() + timeoutMs };
    return new Promise((resolve, reject) => {
      this.#client.makeUnaryRequest(
        `/${servedAs}/${calledAs}`,
        (bytes: Buffer) => bytes,
        (bytes) => fromBinary(method.output, bytes),
        encoded,
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

export function encodeRequest<I extends DescMessage, O extends DescMessage>(
  method: DescMethodUnary<I, O>,
  request: MessageInitShape<I>,
): Buffer {
  return Buffer.from(toBinary(method.input, create(method.input, request)));
}

function createCredentials(certificate: string | undefined, identity: TlsIdentity | undefined) {
  if (certificate === undefined || identity === undefined) return credentials.createInsecure();
  const root = Buffer.from(fromHandshakeField(certificate));
  return credentials.createSsl(root, Buffer.from(identity.privateKey), Buffer.from(identity.certificate));
}
