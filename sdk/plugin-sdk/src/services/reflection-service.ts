import { create, type DescFile, type DescService, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import type { handleBidiStreamingCall, UntypedServiceImplementation } from '@grpc/grpc-js';
import type { reflectionV1, reflectionV1alpha } from '@optimus/proto/grpc';
import { pluginErrorCodes } from '../plugin-error.ts';

/** A service under the name it is served by. */
export interface ServedService {
  readonly name: string;
  readonly service: DescService;
}

// The two reflection packages hold the same messages, so one implementation answers both; only the names differ.
type Request = reflectionV1.ServerReflectionRequest;
type Response = reflectionV1.ServerReflectionResponse;
type ResponseSchema =
  | typeof reflectionV1.ServerReflectionResponseSchema
  | typeof reflectionV1alpha.ServerReflectionResponseSchema;
type Answer = NonNullable<
  MessageInitShape<typeof reflectionV1.ServerReflectionResponseSchema>['messageResponse']
>;

/** Tells a host which services there are: by them it knows the plugin's dialect. */
export function createReflectionImplementation(
  schema: ResponseSchema,
  listServices: () => ReadonlyArray<ServedService>,
): UntypedServiceImplementation {
  const toResponse = (request: Request) =>
    create(schema as typeof reflectionV1.ServerReflectionResponseSchema, {
      validHost: request.host,
      originalRequest: request,
      messageResponse: answer(request, listServices()),
    });
  const serverReflectionInfo: handleBidiStreamingCall<Request, Response> = (call) => {
    call.on('data', (request: Request) => call.write(toResponse(request)));
    call.on('error', () => {});
    call.on('end', () => call.end());
  };
  return { serverReflectionInfo };
}

function answer({ messageRequest }: Request, served: ReadonlyArray<ServedService>): Answer {
  const files = served.map(({ service }) => service.file);
  switch (messageRequest.case) {
    case 'listServices':
      return { case: 'listServicesResponse', value: { service: served.map(({ name }) => ({ name })) } };
    case 'fileByFilename':
      return toFileAnswer(findFile(files, (file) => `${file.name}.proto` === messageRequest.value));
    case 'fileContainingSymbol':
      return toFileAnswer(findFile(files, (file) => declares(file, messageRequest.value)));
    default:
      return toErrorAnswer(pluginErrorCodes.UNIMPLEMENTED, 'this question is not supported');
  }
}

function toFileAnswer(file: DescFile | undefined): Answer {
  if (file === undefined) return toErrorAnswer(pluginErrorCodes.NOT_FOUND, 'no such file or symbol');
  const fileDescriptorProto = listWithImports(file).map(({ proto }) =>
    toBinary(FileDescriptorProtoSchema, proto),
  );
  return { case: 'fileDescriptorResponse', value: { fileDescriptorProto } };
}

function toErrorAnswer(errorCode: number, errorMessage: string): Answer {
  return { case: 'errorResponse', value: { errorCode, errorMessage } };
}

function findFile(
  files: ReadonlyArray<DescFile>,
  matches: (file: DescFile) => boolean,
): DescFile | undefined {
  return files.flatMap(listWithImports).find(matches);
}

function listWithImports(file: DescFile): DescFile[] {
  return [...new Set([file, ...file.dependencies.flatMap(listWithImports)])];
}

function declares(file: DescFile, symbol: string): boolean {
  const declared = [...file.services, ...file.messages, ...file.enums].map(({ typeName }) => typeName);
  return declared.some((typeName) => symbol === typeName || symbol.startsWith(`${typeName}.`));
}
