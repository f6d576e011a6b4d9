import {
  type DescMessage,
  type DescMethod,
  fromBinary,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';

/** How the messages of one method travel. */
export interface MethodCodec<I extends DescMessage, O extends DescMessage> {
  /** `/package.Service/Method`. */
  readonly path: string;
  readonly serialize: (message: MessageShape<I>) => Buffer;
  readonly deserialize: (bytes: Uint8Array) => MessageShape<O>;
}

interface TypedMethod<I extends DescMessage, O extends DescMessage>
  extends Pick<DescMethod, 'parent' | 'name'> {
  readonly input: I;
  readonly output: O;
}

/** The codec of a method, from its descriptor. */
export function toMethodCodec<I extends DescMessage, O extends DescMessage>(
  method: TypedMethod<I, O>,
): MethodCodec<I, O> {
  return {
    path: `/${method.parent.typeName}/${method.name}`,
    serialize: (message) => toBuffer(toBinary(method.input, message)),
    deserialize: (bytes) => fromBinary(method.output, bytes),
  };
}

function toBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
