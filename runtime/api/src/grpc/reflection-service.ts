import type { MessageInitShape } from '@bufbuild/protobuf';
import type { grpc } from '@optimus/proto';
import type { ServiceHandlers } from '../call/call.ts';
import type { SymbolIndex } from './symbol-index.ts';

// Both packages of reflection hold the same messages, so one implementation answers both.
type Request = grpc.reflectionV1.ServerReflectionRequest | grpc.reflectionV1alpha.ServerReflectionRequest;
type Response = MessageInitShape<typeof grpc.reflectionV1.ServerReflectionResponseSchema> &
  MessageInitShape<typeof grpc.reflectionV1alpha.ServerReflectionResponseSchema>;
type Answer = NonNullable<Response['messageResponse']>;

const NOT_FOUND = 5;
const INVALID_ARGUMENT = 3;

/** Tells clients such as grpcurl which services there are and what their messages look like. */
export function createReflectionHandlers(
  index: SymbolIndex,
): ServiceHandlers<typeof grpc.reflectionV1.ServerReflection> &
  ServiceHandlers<typeof grpc.reflectionV1alpha.ServerReflection> {
  return {
    async *serverReflectionInfo(requests: AsyncIterable<Request>) {
      for await (const request of requests) yield toResponse(request, index);
    },
  };
}

function toResponse({ host, messageRequest }: Request, index: SymbolIndex): Response {
  return {
    validHost: host,
    // The same message in the other package, field for field.
    originalRequest: { host, messageRequest: messageRequest as never },
    messageResponse: toAnswer(messageRequest, index),
  };
}

function toAnswer(question: Request['messageRequest'], index: SymbolIndex): Answer {
  switch (question.case) {
    case 'listServices':
      return {
        case: 'listServicesResponse',
        value: { service: index.serviceNames.map((name) => ({ name })) },
      };
    case 'fileByFilename':
      return toFileAnswer(index.findFile(question.value), `file "${question.value}"`);
    case 'fileContainingSymbol':
      return toFileAnswer(index.findFileOf(question.value), `symbol "${question.value}"`);
    case 'fileContainingExtension': {
      const { containingType, extensionNumber } = question.value;
      const file = index.findFileOfExtension(containingType, extensionNumber);
      return toFileAnswer(file, `extension ${extensionNumber} of "${containingType}"`);
    }
    case 'allExtensionNumbersOfType':
      return toExtensionsAnswer(question.value, index);
    case undefined:
      return toErrorAnswer(INVALID_ARGUMENT, 'the request asks nothing');
  }
}

function toFileAnswer(files: readonly Uint8Array[] | undefined, what: string): Answer {
  if (files === undefined) return toErrorAnswer(NOT_FOUND, `no ${what}`);
  return { case: 'fileDescriptorResponse', value: { fileDescriptorProto: [...files] } };
}

function toExtensionsAnswer(baseTypeName: string, index: SymbolIndex): Answer {
  if (index.findFileOf(baseTypeName) === undefined)
    return toErrorAnswer(NOT_FOUND, `no type "${baseTypeName}"`);
  const extensionNumber = [...index.listExtensionNumbers(baseTypeName)];
  return { case: 'allExtensionNumbersResponse', value: { baseTypeName, extensionNumber } };
}

function toErrorAnswer(errorCode: number, errorMessage: string): Answer {
  return { case: 'errorResponse', value: { errorCode, errorMessage } };
}
