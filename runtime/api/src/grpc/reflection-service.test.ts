import { create, createFileRegistry, fromBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { core, grpc } from '@optimus/proto';
import { describe, expect, it } from 'vitest';
import { startApi } from '../testing/api-rig.ts';
import { collect, GrpcTestClient } from '../testing/grpc-test-client.ts';

type Question = NonNullable<
  MessageInitShape<typeof grpc.reflectionV1.ServerReflectionRequestSchema>['messageRequest']
>;

async function ask(...questions: Question[]) {
  const { port } = await startApi();
  const stream = new GrpcTestClient(port).bidi(
    grpc.reflectionV1.ServerReflection.method.serverReflectionInfo,
  );
  for (const messageRequest of questions)
    stream.write(create(grpc.reflectionV1.ServerReflectionRequestSchema, { messageRequest }));
  stream.end();
  const { answers, error } = await collect(stream);
  expect(error).toBeUndefined();
  return answers.map(({ messageResponse }) => messageResponse);
}

async function listFileNames(question: Question): Promise<readonly string[]> {
  const [answer] = await ask(question);
  if (answer?.case !== 'fileDescriptorResponse') throw new TypeError(`no files: ${JSON.stringify(answer)}`);
  return answer.value.fileDescriptorProto.map(
    (bytes: Uint8Array) => fromBinary(FileDescriptorProtoSchema, bytes).name,
  );
}

describe('reflection', () => {
  it('lists every service, in both of its packages', async () => {
    const [answer] = await ask({ case: 'listServices', value: '' });
    const names = core.services.map(({ typeName }) => ({ name: typeName }));
    expect(answer).toMatchObject({
      case: 'listServicesResponse',
      value: { service: expect.arrayContaining(names.map((name) => expect.objectContaining(name))) },
    });
    const { port } = await startApi();
    const { serverReflectionInfo } = grpc.reflectionV1alpha.ServerReflection.method;
    const stream = new GrpcTestClient(port).bidi(serverReflectionInfo);
    const messageRequest = { case: 'listServices', value: '' } as const;
    stream.write(create(grpc.reflectionV1alpha.ServerReflectionRequestSchema, { host: 'h', messageRequest }));
    stream.end();
    const { answers } = await collect(stream);
    expect(answers).toMatchObject([{ validHost: 'h', originalRequest: { messageRequest } }]);
  });

  it('answers a symbol with files from which a client can build it', async () => {
    const symbol = 'odpf.optimus.core.v1beta1.JobRunService';
    const [answer] = await ask({ case: 'fileContainingSymbol', value: symbol });
    if (answer?.case !== 'fileDescriptorResponse') throw new TypeError('no files');
    const file = answer.value.fileDescriptorProto.map((bytes: Uint8Array) =>
      fromBinary(FileDescriptorProtoSchema, bytes),
    );
    const registry = createFileRegistry(create(FileDescriptorSetSchema, { file }));
    expect(registry.getService(symbol)?.methods.map(({ name }) => name)).toContain('RegisterInstance');
  });

  it.each([
    'odpf.optimus.core.v1beta1.JobRunService.GetWindow',
    'odpf.optimus.core.v1beta1.InstanceSpec.Type',
    'odpf.optimus.core.v1beta1.InstanceSpec.TYPE_TASK',
    'odpf.optimus.core.v1beta1.JobRun.state',
  ])('finds the symbol %s', async (value) => {
    expect(await listFileNames({ case: 'fileContainingSymbol', value })).toContain(
      'odpf/optimus/core/v1beta1/job_run.proto',
    );
  });

  it('finds files by name, imports before importers', async () => {
    const names = await listFileNames({ case: 'fileByFilename', value: 'google/api/annotations.proto' });
    expect(names).toEqual([
      'google/api/http.proto',
      'google/protobuf/descriptor.proto',
      'google/api/annotations.proto',
    ]);
  });

  it('finds the option that gives an rpc its path', async () => {
    const containingType = 'google.protobuf.MethodOptions';
    const question = {
      case: 'fileContainingExtension',
      value: { containingType, extensionNumber: 72295728 },
    } as const;
    expect(await listFileNames(question)).toContain('google/api/annotations.proto');
    const [numbers] = await ask({ case: 'allExtensionNumbersOfType', value: containingType });
    expect(numbers).toMatchObject({ value: { extensionNumber: [72295728] } });
  });

  it('answers what it does not know and goes on', async () => {
    const answers = await ask(
      { case: 'fileContainingSymbol', value: 'no.such.Thing' },
      { case: 'fileByFilename', value: 'no.proto' },
      { case: 'allExtensionNumbersOfType', value: 'no.such.Thing' },
      { case: 'fileContainingSymbol', value: 'grpc.health.v1.Health' },
    );
    expect(answers.map((answer) => answer.case)).toEqual([
      'errorResponse',
      'errorResponse',
      'errorResponse',
      'fileDescriptorResponse',
    ]);
    expect(answers[0]).toMatchObject({ value: { errorCode: 5, errorMessage: 'no symbol "no.such.Thing"' } });
  });
});
