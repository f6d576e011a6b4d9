import { parseNamespaceName, parseProjectName, parseSecretName } from '@optimus/domain';
import { core } from '@optimus/proto';
import { describe, expect, it } from 'vitest';
import type { ApiDeps } from '../api-deps.ts';
import { makeMemoryDeps, startApi } from '../testing/api-rig.ts';
import { GrpcTestClient } from '../testing/grpc-test-client.ts';

const project = core.ProjectService.method;
const namespace = core.NamespaceService.method;
const secret = core.SecretService.method;

async function setUp(overrides: Partial<ApiDeps> = {}) {
  const rig = await startApi({ deps: makeMemoryDeps(overrides) });
  const client = new GrpcTestClient(rig.port);
  await client.call(project.registerProject, { project: { name: 'sky', config: { bucket: 'b' } } });
  await client.call(namespace.registerProjectNamespace, {
    projectName: 'sky',
    namespace: { name: 'space', config: { team: 'orbit' } },
  });
  return { ...rig, client };
}

function encode(value: string): string {
  return Buffer.from(value).toString('base64');
}

describe('projects and namespaces', () => {
  it('are registered, replaced, read and listed', async () => {
    const { client } = await setUp();
    await client.call(project.registerProject, { project: { name: 'sky', config: { other: '1' } } });
    expect((await client.call(project.listProjects, {})).projects).toMatchObject([
      { name: 'sky', config: { OTHER: '1' } },
    ]);
    const read = await client.call(namespace.getNamespace, { projectName: 'sky', namespaceName: 'space' });
    expect(read.namespace).toMatchObject({ name: 'space', config: { TEAM: 'orbit' } });
    const { namespaces } = await client.call(namespace.listProjectNamespaces, { projectName: 'sky' });
    expect(namespaces.map(({ name }) => name)).toEqual(['space']);
  });

  it('are refused when the message is missing or the name is wrong', async () => {
    const { client } = await setUp();
    await expect(client.call(project.registerProject, {})).rejects.toMatchObject({
      message: 'project is missing',
    });
    const nameless = client.call(namespace.registerProjectNamespace, { projectName: 'sky' });
    await expect(nameless).rejects.toMatchObject({ message: 'namespace is missing' });
    const wrong = client.call(project.registerProject, { project: { name: 'a/b' } });
    await expect(wrong).rejects.toMatchObject({ code: 3 });
  });
});

describe('secrets', () => {
  const address = { projectName: 'sky', secretName: 'key' };

  it('go in and never come out', async () => {
    const { client, url } = await setUp();
    await client.call(secret.registerSecret, { ...address, value: encode('s3cret') });
    const listed = await (await fetch(`${url}/api/v1beta1/project/sky/secret`)).text();
    expect(JSON.parse(listed)).toMatchObject({
      secrets: [{ name: 'key', namespace: '', updatedAt: '1970-01-01T00:00:00Z' }],
    });
    expect(listed).not.toMatch(/s3cret|czNjcmV0/);
  });

  it('are made once, updated when known, and deleted', async () => {
    const { client } = await setUp();
    const value = encode('1');
    await expect(client.call(secret.updateSecret, { ...address, value })).rejects.toMatchObject({ code: 5 });
    await client.call(secret.registerSecret, { ...address, value });
    await expect(client.call(secret.registerSecret, { ...address, value })).rejects.toMatchObject({
      code: 6,
    });
    await client.call(secret.updateSecret, { ...address, value: encode('2') });
    await client.call(secret.deleteSecret, address);
    await expect(client.call(secret.deleteSecret, address)).rejects.toMatchObject({ code: 5 });
  });

  it('belong to a namespace when one is named', async () => {
    const { client, url } = await setUp();
    const put = (method: string) =>
      fetch(`${url}/api/v1/project/sky/secret/key`, {
        method,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ namespaceName: 'space', value: encode('v') }),
      });
    expect([(await put('POST')).status, (await put('POST')).status, (await put('PUT')).status]).toEqual([
      200, 409, 200,
    ]);
    const { secrets } = await client.call(secret.listSecrets, { projectName: 'sky' });
    expect(secrets).toMatchObject([{ name: 'key', namespace: 'space' }]);
    const deleted = await fetch(`${url}/api/v1/project/sky/secret/key?namespace_name=space`, {
      method: 'DELETE',
    });
    expect(deleted.status).toBe(200);
  });

  it('are named where no key opens them any more', async () => {
    const { secrets } = makeMemoryDeps();
    const lost = { project: parseProjectName('sky'), name: parseSecretName('key') };
    const ofNamespace = { ...lost, namespace: parseNamespaceName('space') };
    const rotateKey = async () => ({ rotated: 3, unreadable: [lost, ofNamespace] });
    const { client } = await setUp({ secrets: { ...secrets, rotateKey } });
    expect(await client.call(secret.rotateSecretKey, {})).toMatchObject({
      rotated: 3,
      unreadable: [
        { project: 'sky', namespace: '', name: 'key' },
        { project: 'sky', namespace: 'space', name: 'key' },
      ],
    });
  });

  it('are refused when the value is not base64', async () => {
    const { client } = await setUp();
    const refused = client.call(secret.registerSecret, { ...address, value: 'not base64!' });
    await expect(refused).rejects.toMatchObject({
      code: 3,
      message: expect.not.stringContaining('not base64!'),
    });
  });
});

describe('version', () => {
  it('is told over gRPC and REST', async () => {
    const { client, url } = await setUp();
    expect((await client.call(core.RuntimeService.method.version, { client: '0' })).server).toBe('1.2.3');
    const response = await fetch(`${url}/api/v1beta1/version`, { method: 'POST' });
    expect(await response.json()).toEqual({ server: '1.2.3' });
  });
});
