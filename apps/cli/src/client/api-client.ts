import { setTimeout as pause } from 'node:timers/promises';
import {
  create,
  type DescMessage,
  type DescMethodBiDiStreaming,
  type DescMethodServerStreaming,
  type DescMethodUnary,
  type MessageInitShape,
  type MessageShape,
} from '@bufbuild/protobuf';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { OptimusError } from '@optimus/domain';
import { toAuthorHeader } from './author.ts';
import { createLateError, createUnreachableError, isUnavailable, toCallFailure } from './call-failure.ts';
import { connect } from './connect.ts';
import { inTime } from './in-time.ts';
import { toMethodCodec } from './method-codec.ts';
import type { ServerAddress } from './server-address.ts';

const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;
const RETRY_PAUSES_MS = [100, 200, 400] as const;

/** How a client reaches its server. */
export interface ApiClientOptions {
  readonly address: ServerAddress;
  /** Value of the `authorization` header. */
  readonly authorization: string | undefined;
  /** Whom changes are recorded under; asked once, when the first change is made. */
  readonly findAuthor: () => Promise<string | undefined>;
  /** How long all calls of this client may take together; undefined: as long as they need. */
  readonly timeoutMs: number | undefined;
}

/** The server's API over gRPC. Failures are `OptimusError`s in the server's words. */
export class ApiClient {
  readonly #target: string;
  readonly #client: Client;
  readonly #metadata = new Metadata();
  readonly #deadline: number;
  readonly #findAuthor: ApiClientOptions['findAuthor'];
  #named: Promise<Metadata> | undefined;

  constructor({ address, authorization, findAuthor, timeoutMs }: ApiClientOptions) {
    this.#target = address.target;
    this.#client = new Client(address.target, credentials.createInsecure(), {
      'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
      'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
      'grpc.initial_reconnect_backoff_ms': RETRY_PAUSES_MS[0],
    });
    if (authorization !== undefined) this.#metadata.set('authorization', authorization);
    this.#findAuthor = findAuthor;
    this.#deadline = timeoutMs === undefined ? Number.POSITIVE_INFINITY : Date.now() + timeoutMs;
  }

  /** A call that changes nothing: tried again while the server is unavailable. @throws OptimusError */
  async read<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
  ): Promise<MessageShape<O>> {
    for (const pauseMs of RETRY_PAUSES_MS) {
      try {
        return await this.#call(method, request, this.#metadata);
      } catch (thrown) {
        if (!isUnavailable(thrown)) throw this.#toFailure(thrown);
        await pause(pauseMs);
      }
    }
    return this.#callOnce(method, request, this.#metadata);
  }

  /** A call that changes something: it is made once, and says who makes it. @throws OptimusError */
  async write<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
  ): Promise<MessageShape<O>> {
    return this.#callOnce(method, request, await this.#findNamed());
  }

  /**
   * The messages that the server sends for one request. `eachWithinMs` takes the place of the limit of all calls where a reader may take
   * any time: how long the server may take for each. @throws OptimusError while iterating
   */
  async *stream<I extends DescMessage, O extends DescMessage>(
    method: DescMethodServerStreaming<I, O>,
    request: MessageInitShape<I>,
    { eachWithinMs }: { readonly eachWithinMs?: number } = {},
  ): AsyncGenerator<MessageShape<O>> {
    const [metadata] = await Promise.all([this.#findNamed(), this.#connect()]);
    const { path, serialize, deserialize } = toMethodCodec(method);
    const message = create(method.input, request);
    const options = eachWithinMs === undefined ? this.#options : {};
    const call = this.#client.makeServerStreamRequest(
      path,
      serialize,
      deserialize,
      message,
      metadata,
      options,
    );
    const toLate = (): Error => createLateError(this.#target);
    yield* this.#readAll<MessageShape<O>>(
      eachWithinMs === undefined ? call : inTime(call, eachWithinMs, toLate),
    );
  }

  /** Sends all requests, and answers what the server sends meanwhile and after. @throws OptimusError while iterating */
  async *exchange<I extends DescMessage, O extends DescMessage>(
    method: DescMethodBiDiStreaming<I, O>,
    requests: Iterable<MessageInitShape<I>>,
  ): AsyncGenerator<MessageShape<O>> {
    const [metadata] = await Promise.all([this.#findNamed(), this.#connect()]);
    const { path, serialize, deserialize } = toMethodCodec(method);
    const call = this.#client.makeBidiStreamRequest(path, serialize, deserialize, metadata, this.#options);
    for (const request of requests) call.write(create(method.input, request));
    call.end();
    yield* this.#readAll<MessageShape<O>>(call);
  }

  /** Ends the connection; calls under way are cancelled. */
  close(): void {
    this.#client.close();
  }

  async #callOnce<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
    metadata: Metadata,
  ): Promise<MessageShape<O>> {
    try {
      return await this.#call(method, request, metadata);
    } catch (thrown) {
      throw this.#toFailure(thrown);
    }
  }

  async #call<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
    metadata: Metadata,
  ): Promise<MessageShape<O>> {
    await this.#connect();
    const { path, serialize, deserialize } = toMethodCodec(method);
    const message = create(method.input, request);
    const { promise, resolve, reject } = Promise.withResolvers<MessageShape<O>>();
    this.#client.makeUnaryRequest(
      path,
      serialize,
      deserialize,
      message,
      metadata,
      this.#options,
      (error, answer) => (error || !answer ? reject(error) : resolve(answer)),
    );
    return promise;
  }

  /** What goes along with a call that changes something. */
  #findNamed(): Promise<Metadata> {
    this.#named ??= this.#findAuthor().then((author) => {
      const metadata = this.#metadata.clone();
      if (author !== undefined) metadata.set('x-author', toAuthorHeader(author));
      return metadata;
    });
    return this.#named;
  }

  async *#readAll<T>(messages: AsyncIterable<T>): AsyncGenerator<T> {
    try {
      yield* messages;
    } catch (thrown) {
      throw this.#toFailure(thrown);
    }
  }

  async #connect(): Promise<void> {
    const connection = await connect(this.#client.getChannel());
    if (connection !== 'ready') throw createUnreachableError(this.#target, connection);
  }

  get #options() {
    return { deadline: this.#deadline };
  }

  #toFailure(thrown: unknown): OptimusError {
    if (thrown instanceof OptimusError) return thrown;
    return toCallFailure(thrown, this.#target);
  }
}
