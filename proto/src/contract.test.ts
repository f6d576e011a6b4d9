import {
  create,
  type DescMessage,
  type DescService,
  fromBinary,
  fromJson,
  toBinary,
  toJson,
} from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { core, goPlugin, grpc, listHttpBindings, plugins } from './index.ts';

const coreServices: ReadonlyArray<DescService> = core.services;
const methods = coreServices.flatMap((service) => service.methods);
const boundMethods = methods.filter((method) => listHttpBindings(method).length > 0);
const bindings = methods.flatMap(listHttpBindings);

function numbersOf(message: DescMessage): Record<string, number> {
  return Object.fromEntries(message.fields.map((field) => [field.name, field.number]));
}

/** Two paths a router cannot tell apart have the same shape. */
function shapeOf(binding: { readonly method: string; readonly path: string }): string {
  return `${binding.method} ${binding.path.replaceAll(/\{[^}]+\}/g, '{}')}`;
}

describe('field numbers', () => {
  it('keeps every field of a job specification where released clients look for it', () => {
    const inOrder = `version name owner start_date end_date interval depends_on_past catch_up task_name config
      window_size window_offset window_truncate_to dependencies assets hooks description labels behavior metadata`;
    expect(numbersOf(core.JobSpecificationSchema)).toEqual({
      ...Object.fromEntries(inOrder.split(/\s+/).map((name, index) => [name, index + 1])),
      window_preset: 23,
      window: 24,
      task: 26,
      timezone: 100,
      binary_assets: 101,
    });
  });

  it('keeps the gaps that earlier versions left', () => {
    expect(numbersOf(core.DeployJobSpecificationRequestSchema)).toEqual({
      project_name: 1,
      jobs: 2,
      namespace_name: 4,
    });
    expect(numbersOf(core.RegisterInstanceRequestSchema)).toEqual({
      project_name: 1,
      job_name: 2,
      scheduled_at: 4,
      instance_name: 5,
      instance_type: 6,
      jobrun_id: 7,
    });
    expect(numbersOf(core.InstanceSpecSchema)).toEqual({
      state: 1,
      data: 3,
      executed_at: 5,
      name: 6,
      type: 7,
    });
    expect(numbersOf(core.InstanceSpecDataSchema)).toEqual({ name: 1, value: 2, type: 5 });
  });

  it('answers the four fields a deploying client reads', () => {
    const four = { success: 1, ack: 2, message: 3, job_name: 4 };
    expect(numbersOf(core.DeployJobSpecificationResponseSchema)).toEqual(four);
    expect(numbersOf(core.CheckJobSpecificationsResponseSchema)).toEqual({ ...four, warnings: 100 });
  });

  it('describes a plugin with the numbers Go plugins use', () => {
    expect(numbersOf(plugins.PluginInfoResponseSchema)).toEqual({
      name: 1,
      description: 2,
      plugin_type: 3,
      plugin_mods: 4,
      plugin_version: 5,
      api_version: 6,
      image: 10,
      depends_on: 20,
      hook_type: 21,
      secret_path: 30,
    });
    expect(numbersOf(plugins.CompileAssetsRequestSchema)).toEqual({
      configs: 1,
      assets: 2,
      window: 3,
      instance_schedule: 4,
      instance_data: 5,
      start_time: 6,
      end_time: 7,
      options: 40,
    });
  });

  it('puts an empty options message on the wire instead of dropping it', () => {
    const request = create(plugins.GetQuestionsRequestSchema, { options: {} });
    expect(Buffer.from(toBinary(plugins.GetQuestionsRequestSchema, request)).toString('hex')).toBe('c20200');
  });
});

describe('service names', () => {
  it('serves each path that released plugins and hosts call', () => {
    const goPluginServices = [goPlugin.GRPCStdio, goPlugin.GRPCController, goPlugin.GRPCBroker];
    const services: ReadonlyArray<DescService> = [...plugins.services, ...goPluginServices];
    const paths = services.flatMap((service) =>
      service.methods.map((method) => `/${service.typeName}/${method.name}`),
    );
    const v1beta1 = '/odpf.optimus.plugins.v1beta1';
    expect(paths).toEqual([
      `${v1beta1}.BaseService/PluginInfo`,
      `${v1beta1}.CLIModService/GetQuestions`,
      `${v1beta1}.CLIModService/ValidateQuestion`,
      `${v1beta1}.CLIModService/DefaultConfig`,
      `${v1beta1}.CLIModService/DefaultAssets`,
      `${v1beta1}.CLIModService/CompileAssets`,
      `${v1beta1}.DependencyResolverModService/GenerateDestination`,
      `${v1beta1}.DependencyResolverModService/GenerateDependencies`,
      '/plugin.GRPCStdio/StreamStdio',
      '/plugin.GRPCController/Shutdown',
      '/plugin.GRPCBroker/StartStream',
    ]);
  });

  it('names health and both reflections as gRPC does', () => {
    expect(grpc.Health.typeName).toBe('grpc.health.v1.Health');
    expect(grpc.reflectionV1.ServerReflection.typeName).toBe('grpc.reflection.v1.ServerReflection');
    expect(grpc.reflectionV1alpha.ServerReflection.typeName).toBe('grpc.reflection.v1alpha.ServerReflection');
  });
});

describe('REST bindings', () => {
  it.each(
    methods.filter((method) => method.methodKind === 'unary').map((method) => [method.name, method] as const),
  )('reaches the unary rpc %s', (_name, method) => {
    expect(listHttpBindings(method)).not.toEqual([]);
  });

  it('leaves the streams of a deployment to gRPC', () => {
    const unbound = methods.filter((method) => !boundMethods.includes(method)).map((method) => method.name);
    expect(unbound).toEqual([
      'DeployJobSpecification',
      'CheckJobSpecifications',
      'RefreshJobs',
      'ChangeJobs',
      'DeployResourceSpecification',
    ]);
  });

  it.each(boundMethods.map((method) => [method.name, method] as const))(
    'fills the path of %s from scalar fields of its request',
    (_name, method) => {
      const scalars = method.input.fields
        .filter((field) => field.fieldKind === 'scalar')
        .map((field) => field.name);
      const pathFields = listHttpBindings(method).flatMap((binding) => binding.pathFields);
      expect(scalars).toEqual(expect.arrayContaining(pathFields));
    },
  );

  it('gives no two rpcs the same method and path', () => {
    const shapes = bindings.map(shapeOf);
    expect(shapes).toEqual([...new Set(shapes)]);
  });

  it('takes a body on POST, PUT and PATCH, and for the list of jobs to delete', () => {
    const withBody = bindings.filter((binding) => binding.body !== '');
    const takesBody = ({ method, path }: (typeof bindings)[number]): boolean =>
      ['POST', 'PUT', 'PATCH'].includes(method) || (method === 'DELETE' && path.endsWith('/job/bulk-delete'));
    expect(withBody).toEqual(bindings.filter(takesBody));
    expect(new Set(withBody.map((binding) => binding.body))).toEqual(new Set(['*']));
  });

  it('answers a backup under the path old clients use and the one they expect', () => {
    const rest = 'project/{project_name}/namespace/{namespace_name}/datastore/{datastore_name}/backup/{id}';
    const paths = listHttpBindings(core.BackupService.method.getBackup).map((binding) => binding.path);
    expect(paths).toEqual([`/v1beta1/${rest}`, `/v1/${rest}`]);
  });
});

describe('JSON', () => {
  it('reads a request in either case and writes lowerCamelCase', () => {
    const body = { scheduled_at: '2022-09-19T02:00:00Z', instanceName: 'neo', instance_type: 'TYPE_TASK' };
    const request = fromJson(core.RegisterInstanceRequestSchema, body);
    expect(request.instanceType).toBe(core.InstanceSpec_Type.TASK);
    expect(toJson(core.RegisterInstanceRequestSchema, request)).toEqual({
      scheduledAt: '2022-09-19T02:00:00Z',
      instanceName: 'neo',
      instanceType: 'TYPE_TASK',
    });
  });

  it('tells an exit code of zero from none', () => {
    const encode = (exitCode?: number) =>
      toBinary(
        core.AttemptDetailSchema,
        create(core.AttemptDetailSchema, exitCode === undefined ? {} : { exitCode }),
      );
    expect(fromBinary(core.AttemptDetailSchema, encode(0)).exitCode).toBe(0);
    expect(fromBinary(core.AttemptDetailSchema, encode()).exitCode).toBeUndefined();
  });
});
