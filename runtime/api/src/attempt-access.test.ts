import type { DescMethod, DescMethodBiDiStreaming, DescMethodServerStreaming } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { deployJobs, registerNamespace, registerProject } from '@optimus/domain';
import { makeJobSpec } from '@optimus/domain/testing';
import { core, grpc } from '@optimus/proto';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeMemoryDeps, makeRunList, startApi } from './testing/api-rig.ts';
import { issueCredential, makeAuthenticator, OWN_INSTANCE, toBasic } from './testing/attempt-credential.ts';
import { collect, GrpcTestClient, type SeenError } from './testing/grpc-test-client.ts';

const PERMISSION_DENIED = 7;
const { jobRunInput, registerInstance } = core.JobRunService.method;
const OWN = {
  projectName: OWN_INSTANCE.project,
  jobName: OWN_INSTANCE.job,
  scheduledAt: timestampFromDate(OWN_INSTANCE.scheduledAt),
  instanceType: core.InstanceSpec_Type.TASK,
  instanceName: 'neo',
};
const authorization = toBasic(issueCredential('7'));

let client: GrpcTestClient;
let url: string;

beforeEach(async () => {
  const deps = makeMemoryDeps({ runs: makeRunList([]) });
  await registerProject(deps, { name: 'sky', config: {} });
  await registerNamespace(deps, { project: 'sky', name: 'space', config: {} });
  const deployed = { project: 'sky', namespace: 'space', isComplete: true, author: '' };
  await deployJobs(deps, { ...deployed, jobs: [makeJobSpec()] });
  const rig = await startApi({ deps, auth: makeAuthenticator() });
  client = new GrpcTestClient(rig.port, { authorization });
  url = rig.url;
});

function post(path: string, body: object, credential = authorization): Promise<Response> {
  const headers = { 'content-type': 'application/json', authorization: credential };
  return fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
}

describe('an attempt', () => {
  it('reads the context of its own instance, over gRPC and REST', async () => {
    expect((await client.call(registerInstance, OWN)).context?.secrets).toEqual({ API_KEY: 'hidden' });
    expect((await client.call(jobRunInput, OWN)).secrets).toEqual({ API_KEY: 'hidden' });
    const body = { scheduled_at: '2022-09-19T02:00:00Z', instance_name: 'neo', instance_type: 'TASK' };
    for (const version of ['v1', 'v1beta1']) {
      const path = `/api/${version}/project/sky/job/near-earth-objects/instance`;
      const response = await post(path, body);
      expect([response.status, await response.json()]).toMatchObject([200, { context: { envs: {} } }]);
    }
  });

  it.each([
    ['project', { projectName: 'sea' }],
    ['job', { jobName: 'far-objects' }],
    ['tick', { scheduledAt: timestampFromDate(new Date('2022-09-20T02:00:00Z')) }],
    ['type', { instanceType: core.InstanceSpec_Type.HOOK }],
    ['name', { instanceName: 'predator' }],
  ])('reads no context of another %s, whether there is one or not', async (_, other) => {
    const asked = { ...OWN, ...other };
    for (const call of [client.call(registerInstance, asked), client.call(jobRunInput, asked)]) {
      await expect(call).rejects.toMatchObject({
        code: PERMISSION_DENIED,
        message: expect.stringContaining('attempt-7 asks for the context of its own instance alone'),
      });
    }
  });

  it.each(listOtherMethods())('does not reach %s', async (_, method) => {
    expect(await callAny(method)).toMatchObject({ code: PERMISSION_DENIED });
  });

  it('does not see the metrics', async () => {
    expect((await fetch(`${url}/metrics`, { headers: { authorization } })).status).toBe(403);
  });

  it('is told apart from one that has ended', async () => {
    const ended = await post('/api/v1/project/sky/job/x/instance', {}, toBasic(issueCredential('8')));
    expect(ended.status).toBe(401);
  });
});

/** Every rpc that a token opens, the two of contexts left out. */
function listOtherMethods(): (readonly [string, DescMethod])[] {
  const own: readonly DescMethod[] = [registerInstance, jobRunInput];
  const services = [...core.services, grpc.reflectionV1.ServerReflection];
  return services
    .flatMap(({ methods }): readonly DescMethod[] => methods)
    .filter((method) => !own.includes(method))
    .map((method) => [`${method.parent.name}.${method.name}`, method]);
}

/** How a call with an empty request fails. */
async function callAny(method: DescMethod): Promise<SeenError | undefined> {
  if (method.methodKind === 'bidi_streaming') {
    const stream = client.bidi(method as DescMethodBiDiStreaming);
    stream.end();
    return (await collect(stream)).error;
  }
  // On the wire a call with one answer is a stream of one.
  const streaming = { ...method, methodKind: 'server_streaming' } as DescMethodServerStreaming;
  return (await collect(client.stream(streaming, {}))).error;
}
