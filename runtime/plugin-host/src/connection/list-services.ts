import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import { reflectionV1, reflectionV1alpha } from '@optimus/proto/grpc';
import type { PluginConnection } from './plugin-connection.ts';

const timeoutMs = 2000;

// Both packages hold the same messages; only the path tells them apart.
const requestSchema = reflectionV1alpha.ServerReflectionRequestSchema;
const responseSchema = reflectionV1alpha.ServerReflectionResponseSchema;
type Request = reflectionV1alpha.ServerReflectionRequest;
type Response = reflectionV1alpha.ServerReflectionResponse;

/** The names of the services a plugin serves, or undefined when it has no reflection. */
export async function listServices(connection: PluginConnection): Promise<ReadonlyArray<string> | undefined> {
  const alpha = await askReflection(connection, reflectionV1alpha.ServerReflection.typeName);
  return alpha ?? (await askReflection(connection, reflectionV1.ServerReflection.typeName));
}

function askReflection(
  connection: PluginConnection,
  service: string,
): Promise<ReadonlyArray<string> | undefined> {
  const call = openReflection(connection, service);
  return new Promise((resolve) => {
    call.on('data', (response: Response) => {
      resolve(toServiceNames(response));
      call.end();
    });
    call.on('error', () => resolve(undefined));
    call.on('end', () => resolve(undefined));
    call.write(create(requestSchema, { messageRequest: { case: 'listServices', value: '*' } }));
  });
}

function openReflection(
  connection: PluginConnection,
  service: string,
): ClientDuplexStream<Request, Response> {
  return connection.client.makeBidiStreamRequest<Request, Response>(
    `/${service}/ServerReflectionInfo`,
    (message) => Buffer.from(toBinary(requestSchema, message)),
    (bytes) => fromBinary(responseSchema, bytes),
    { deadline: Date.now() + timeoutMs },
  );
}

function toServiceNames({ messageResponse }: Response): ReadonlyArray<string> | undefined {
  if (messageResponse.case !== 'listServicesResponse') return undefined;
  return messageResponse.value.service.map(({ name }) => name);
}
