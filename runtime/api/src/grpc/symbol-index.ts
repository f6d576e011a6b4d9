import {
  type DescExtension,
  type DescFile,
  type DescMessage,
  type DescService,
  toBinary,
} from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';

/** Every name that the served services mention, with the file that declares it. Files come as bytes, their imports first. */
export interface SymbolIndex {
  /** Sorted full names. */
  readonly serviceNames: readonly string[];
  /** @param name as imports spell it, such as `google/protobuf/any.proto` */
  findFile(name: string): readonly Uint8Array[] | undefined;
  /** @param symbol full name of a service, method, message, field, enum or value */
  findFileOf(symbol: string): readonly Uint8Array[] | undefined;
  findFileOfExtension(typeName: string, number: number): readonly Uint8Array[] | undefined;
  /** Sorted field numbers. */
  listExtensionNumbers(typeName: string): readonly number[];
}

/** Indexes the services' files and all they import. */
export function createSymbolIndex(services: readonly DescService[]): SymbolIndex {
  const files = new Set(services.flatMap(({ file }) => listWithImports(file)));
  const byName = new Map([...files].map((file) => [file.proto.name, file]));
  const bySymbol = new Map([...files].flatMap((file) => listSymbols(file).map((symbol) => [symbol, file])));
  const extensions = [...files].flatMap(({ extensions: own }) => own);
  const findExtensions = (typeName: string): DescExtension[] =>
    extensions.filter((extension) => extension.extendee.typeName === typeName);
  return {
    serviceNames: services.map(({ typeName }) => typeName).sort(),
    findFile: (name) => toBytes(byName.get(name)),
    findFileOf: (symbol) => toBytes(bySymbol.get(symbol)),
    findFileOfExtension: (typeName, wanted) =>
      toBytes(findExtensions(typeName).find(({ number }) => number === wanted)?.file),
    listExtensionNumbers: (typeName) =>
      findExtensions(typeName)
        .map(({ number }) => number)
        .sort((a, b) => a - b),
  };
}

function toBytes(file: DescFile | undefined): readonly Uint8Array[] | undefined {
  return file && listWithImports(file).map(({ proto }) => toBinary(FileDescriptorProtoSchema, proto));
}

/** Imports before those who import them. */
function listWithImports(file: DescFile): DescFile[] {
  return [...new Set([...file.dependencies.flatMap(listWithImports), file])];
}

function listSymbols({ services, messages, enums, extensions }: DescFile): string[] {
  return [
    ...services.flatMap(({ typeName, methods }) => [
      typeName,
      ...methods.map(({ name }) => `${typeName}.${name}`),
    ]),
    ...messages.flatMap(listMessageSymbols),
    ...enums.flatMap((desc) => [desc.typeName, ...desc.values.map(({ name }) => `${desc.typeName}.${name}`)]),
    ...extensions.map(({ typeName }) => typeName),
  ];
}

function listMessageSymbols(message: DescMessage): string[] {
  const { typeName, fields, oneofs, nestedMessages, nestedEnums } = message;
  return [
    typeName,
    ...[...fields, ...oneofs].map(({ name }) => `${typeName}.${name}`),
    ...nestedMessages.flatMap(listMessageSymbols),
    ...nestedEnums.flatMap((desc) => [
      desc.typeName,
      ...desc.values.map(({ name }) => `${typeName}.${name}`),
    ]),
  ];
}
