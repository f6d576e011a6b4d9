import {
  create,
  type DescMessage,
  type DescMethodBiDiStreaming,
  type DescMethodServerStreaming,
  type DescMethodUnary,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { grpc } from '@optimus/proto';
import { onTestFinished } from 'vitest';

type Unary<I extends DescMessage, O extends DescMessage> = DescMethodUnary<I, O>;

/** How a call went wrong, as the client sees it. */
export interface SeenError {
  readonly code: number;
  readonly message: string;
  readonly status: grpc.Status | undefined;
}

/** A real grpc-js client that speaks by descriptors. */
export class GrpcTestClient {
  readonly client: Client;
  readonly #metadata = new Metadata();

  constructor(port: number, headers: Readonly<Record<string, string>> = {}) {
    const unlimited = { 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 };
    this.client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), unlimited);
    for (const [name, value] of Object.entries(headers)) this.#metadata.set(name, value);
    onTestFinished(() => this.client.close());
  }

  /** The answer. Rejects with {@link SeenError}. */
  call<I extends DescMessage, O extends DescMessage>(
    method: Unary<I, O>,
    init: MessageInitShape<I>,
    deadlineMs = 10_000,
  ): Promise<MessageShape<O>> {
    return new Promise((resolve, reject) => {
      this.client.makeUnaryRequest(
        pathOf(method),
        encodeWith(method.input),
        decodeWith(method.output),
        create(method.input, init),
        this.#metadata,
        { deadline: Date.now() + deadlineMs },
        (error, answer) => (error ? reject(toSeenError(error)) : resolve(answer as MessageShape<O>)),
      );
    });
  }

  /** A stream of answers. */
  stream<I extends DescMessage, O extends DescMessage>(
    method: DescMethodServerStreaming<I, O>,
    init: MessageInitShape<I>,
  ) {
    return this.client.makeServerStreamRequest(
      pathOf(method),
      encodeWith(method.input),
      decodeWith(method.output),
      create(method.input, init),
      this.#metadata,
    );
  }

  /** A stream both ways. */
  bidi<I extends DescMessage, O extends DescMessage>(method: DescMethodBiDiStreaming<I, O>) {
    return this.client.makeBidiStreamRequest(
      pathOf(method),
      encodeWith(method.input),
      decodeWith(method.output),
      this.#metadata,
    );
  }
}

/** Everything that a stream answers, and how it ended. */
export async function collect<T>(
  stream: AsyncIterable<T>,
): Promise<{ readonly answers: readonly T[]; readonly error: SeenError | undefined }> {
  const answers: T[] = [];
  try {
    for await (const answer of stream) answers.push(answer);
    return { answers, error: undefined };
  } catch (thrown) {
    return { answers, error: toSeenError(thrown as ServiceError) };
  }
}

function toSeenError({ code, details, metadata }: ServiceError): SeenError {
  const [bytes] = metadata.get('grpc-status-details-bin');
  const status = Buffer.isBuffer(bytes) ? fromBinary(grpc.StatusSchema, bytes) : undefined;
  return { code, message: details, status };
}

function pathOf({ parent, name }: { readonly parent: { readonly typeName: string }; readonly name: string }) {
  return `/${parent.typeName}/${name}`;
}

function encodeWith<D extends DescMessage>(schema: D) {
  return (message: MessageShape<D>): Buffer => Buffer.from(toBinary(schema, message));
}

function decodeWith<D extends DescMessage>(schema: D) {
  return (bytes: Buffer): MessageShape<D> => fromBinary(schema, bytes);
}
