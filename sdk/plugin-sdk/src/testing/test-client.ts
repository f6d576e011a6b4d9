import {
  create,
  type DescMessage,
  type DescMethodUnary,
  type MessageInitShape,
  type MessageShape,
} from '@bufbuild/protobuf';
import { Client, credentials } from '@grpc/grpc-js';
import { toMethodDefinition } from '../services/service-definition.ts';

/** Calls a plugin's services as a host does, over a real connection. */
export class TestClient {
  readonly #client: Client;

  constructor(target: string) {
    this.#client = new Client(target, credentials.createInsecure(), {
      'grpc.max_receive_message_length': -1,
      'grpc.max_send_message_length': -1,
      'grpc.use_local_subchannel_pool': 1,
    });
  }

  /** Rejects with grpc-js's `ServiceError`: `code` is the status, `details` its text. */
  call<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
    servedAs = method.parent.typeName,
  ): Promise<MessageShape<O>> {
    const { path, requestSerialize, responseDeserialize } = toMethodDefinition(method, servedAs);
    const message = create(method.input, request);
    return new Promise((resolve, reject) => {
      this.#client.makeUnaryRequest(path, requestSerialize, responseDeserialize, message, (error, answer) =>
        answer === undefined ? reject(error) : resolve(answer),
      );
    });
  }

  /** For what has more than one message. */
  get raw(): Client {
    return this.#client;
  }

  close(): void {
    this.#client.close();
  }
}
