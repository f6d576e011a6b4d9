import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { anyUnpack } from '@bufbuild/protobuf/wkt';
import { OptimusError } from '@optimus/domain';
import { core, grpc } from '@optimus/proto';
import { describe, expect, it } from 'vitest';
import { makeMemoryDeps, startApi } from './testing/api-rig.ts';
import { makeAuthenticator } from './testing/attempt-credential.ts';
import { GrpcTestClient } from './testing/grpc-test-client.ts';

const { getProject, registerProject, listProjects } = core.ProjectService.method;

describe('one port', () => {
  it('answers gRPC and REST from the same use case', async () => {
    const { port, url } = await startApi();
    const client = new GrpcTestClient(port);
    await client.call(registerProject, { project: { name: 'sky', config: { bucket: 'gs://sky' } } });
    const response = await fetch(`${url}/api/v1beta1/project/sky`);
    expect(await response.json()).toEqual({
      project: { name: 'sky', config: { BUCKET: 'gs://sky' }, secrets: [], presets: {} },
    });
    const answer = await client.call(getProject, { projectName: 'sky' });
    expect(answer.project?.config).toEqual({ BUCKET: 'gs://sky' });
  });

  it('answers a request whose first bytes arrive one by one', async () => {
    const { port } = await startApi();
    const socket = await open(port);
    socket.setNoDelay(true);
    for (const byte of 'GET /ping HTTP/1.0\r\n\r\n')
      await new Promise<void>((sent) => void socket.write(byte, () => sent()));
    expect(await readAll(socket)).toMatch(/^HTTP\/1\.1 200 OK[^]*pong$/);
  });

  it('answers a client that ends its side after the request', async () => {
    const { port } = await startApi();
    const socket = await open(port);
    socket.end('GET /ping HTTP/1.0\r\n\r\n');
    expect(await readAll(socket)).toMatch(/pong$/);
  });

  it('cuts off a peer that says nothing', async () => {
    const { port } = await startApi({ patienceMs: 50 });
    const socket = await open(port);
    expect(await readAll(socket)).toBe('');
  });

  it('cuts off a peer that never ends its headers', async () => {
    const { port } = await startApi({ patienceMs: 100 });
    const socket = await open(port);
    socket.write('GET /ping HTTP/1.1\r\nHost: x\r\n');
    expect(await readAll(socket)).toMatch(/^HTTP\/1\.1 408/);
  });

  it('survives peers that leave at any moment', async () => {
    const { port, url } = await startApi();
    const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
    for (const said of [
      '',
      'P',
      'PRI * HT',
      preface,
      `${preface}no frame at all`,
      'GET /pi',
      'GET /ping HTTP/1.1\r\n\r\n',
    ]) {
      const socket = await open(port);
      socket.write(said);
      socket.resetAndDestroy();
    }
    expect((await fetch(`${url}/ping`)).status).toBe(200);
  });

  it('refuses a port that another program has', async () => {
    const { port } = await startApi();
    await expect(startApi({ port })).rejects.toMatchObject({
      code: 'PRECONDITION_FAILED',
      message: `another program listens on 127.0.0.1:${port}`,
    });
  });
});

describe('stopping', () => {
  it('lets a call in flight end and refuses new connections', async () => {
    const held = holdListing();
    const deps = makeMemoryDeps({ projects: held.projects });
    const { api, port, url } = await startApi({ deps, stopGraceMs: 60_000 });
    const client = new GrpcTestClient(port);
    const calls = [client.call(listProjects, {}), fetch(`${url}/api/v1/project`)];
    await expect.poll(() => held.waiting()).toBe(2);
    const stopped = api.stop();
    await expect(fetch(`${url}/ping`)).rejects.toThrow('fetch failed');
    held.release();
    expect(await Promise.all(calls)).toHaveLength(2);
    await stopped;
  });

  it('cuts a call that outlasts the grace', async () => {
    const held = holdListing();
    const deps = makeMemoryDeps({ projects: held.projects });
    const { api, port, url } = await startApi({ deps, stopGraceMs: 50 });
    const call = new GrpcTestClient(port).call(listProjects, {}).catch((error: unknown) => error);
    const request = fetch(`${url}/api/v1/project`).catch((error: unknown) => error);
    await expect.poll(() => held.waiting()).toBe(2);
    await api.stop();
    expect(await call).toMatchObject({ code: expect.toBeOneOf([1, 14]) });
    expect(await request).toBeInstanceOf(TypeError);
  });

  it('does not wait for connections that are idle or have said nothing', async () => {
    const { api, port, url } = await startApi({ stopGraceMs: 60_000 });
    const silent = readAll(await open(port));
    const client = new GrpcTestClient(port);
    await Promise.all([fetch(`${url}/ping`), client.call(listProjects, {})]);
    await api.stop();
    expect(await silent).toBe('');
  });

  it('may be asked for twice', async () => {
    const { api } = await startApi();
    await expect(Promise.all([api.stop(), api.stop()])).resolves.toHaveLength(2);
  });
});

describe('errors', () => {
  it('carry the stable code, the fields and the hint over gRPC', async () => {
    const { port } = await startApi();
    const client = new GrpcTestClient(port);
    const error = await client.call(getProject, { projectName: 'moon' }).catch((seen) => seen);
    expect(error).toMatchObject({ code: 5, message: 'project "moon" is not registered' });
    const [info, help] = error.status.details;
    expect(anyUnpack(info, grpc.ErrorInfoSchema)).toMatchObject({
      reason: 'PROJECT_NOT_FOUND',
      domain: 'optimus',
      metadata: { project: 'moon' },
    });
    expect(anyUnpack(help, grpc.HelpSchema)?.links[0]?.description).toMatch(/optimus project register/);
  });

  it('hide what went wrong inside behind an id that the log has', async () => {
    const logged: unknown[] = [];
    const log = makeLog((fields) => logged.push(fields));
    const projects = {
      ...makeMemoryDeps().projects,
      list: () => Promise.reject(new TypeError('secret detail')),
    };
    const { port, url } = await startApi({ log, deps: makeMemoryDeps({ projects }) });
    const response = await fetch(`${url}/api/v1/project`);
    const body = await response.text();
    expect([response.status, body]).toEqual([500, expect.not.stringContaining('secret detail')]);
    const errorId = JSON.parse(body).details[0].metadata.errorId;
    expect(logged).toContainEqual({ errorId, error: expect.any(TypeError) });
    await expect(new GrpcTestClient(port).call(listProjects, {})).rejects.toMatchObject({ code: 13 });
  });

  it('survive names that no header could carry', async () => {
    const { port } = await startApi();
    const failing = { ...makeMemoryDeps().projects, list: () => Promise.reject(toLongError()) };
    const long = await startApi({ deps: makeMemoryDeps({ projects: failing }) });
    await expect(
      new GrpcTestClient(port).call(getProject, { projectName: 'Müll \n 🚮' }),
    ).rejects.toMatchObject({ code: 3 });
    await expect(new GrpcTestClient(long.port).call(listProjects, {})).rejects.toMatchObject({
      code: 3,
      message: expect.stringMatching(/^ü+…$/),
    });
  });

  it('say that a request is not a message', async () => {
    const { port } = await startApi();
    const { client } = new GrpcTestClient(port);
    const error = await new Promise((resolve) => {
      const bytes = (value: Buffer): Buffer => value;
      const path = '/odpf.optimus.core.v1beta1.ProjectService/GetProject';
      client.makeUnaryRequest(path, bytes, bytes, Buffer.from([0x0a, 0xff]), resolve);
    });
    expect(error).toMatchObject({ code: 3, details: expect.stringContaining('GetProjectRequest') });
  });

  it('refuse a message over 64 MiB and go on', async () => {
    const { port } = await startApi();
    const client = new GrpcTestClient(port);
    const config = { big: 'x'.repeat(65 * 1024 * 1024) };
    await expect(client.call(registerProject, { project: { name: 'sky', config } })).rejects.toMatchObject({
      code: 8,
    });
    expect((await client.call(listProjects, {})).projects).toEqual([]);
  });

  it('end a call whose deadline passes', async () => {
    const held = holdListing();
    const { port } = await startApi({ deps: makeMemoryDeps({ projects: held.projects }) });
    await expect(new GrpcTestClient(port).call(listProjects, {}, 50)).rejects.toMatchObject({ code: 4 });
  });
});

describe('credentials', () => {
  const auth = makeAuthenticator({ tokens: ['t0ken'] });

  it('are asked of every call but ping and health', async () => {
    const { port, url } = await startApi({ auth });
    const client = new GrpcTestClient(port);
    expect((await fetch(`${url}/ping`)).status).toBe(200);
    expect(await client.call(grpc.Health.method.check, {})).toMatchObject({ status: 1 });
    await expect(client.call(listProjects, {})).rejects.toMatchObject({ code: 16 });
    for (const path of ['/api/v1/project', '/metrics']) {
      const refused = await fetch(`${url}${path}`);
      expect([path, refused.status]).toEqual([path, 401]);
      expect(refused.headers.get('www-authenticate')).toMatch(/Bearer/);
    }
  });

  it('open the same door over gRPC and REST', async () => {
    const { port, url } = await startApi({ auth });
    const authorization = 'Bearer t0ken';
    await new GrpcTestClient(port, { authorization }).call(listProjects, {});
    expect((await fetch(`${url}/api/v1/project`, { headers: { authorization } })).status).toBe(200);
    expect((await fetch(`${url}/metrics`, { headers: { authorization } })).status).toBe(200);
  });
});

describe('metrics', () => {
  it('count calls by method and status', async () => {
    const { port, url } = await startApi();
    await new GrpcTestClient(port).call(listProjects, {});
    await fetch(`${url}/api/v1/project/moon`);
    const text = await (await fetch(`${url}/metrics`)).text();
    expect(text).toMatch(/grpc_server_handled_total\{.*grpc_method="ListProjects",grpc_code="OK"\} 1/);
    expect(text).toMatch(/grpc_server_handled_total\{.*grpc_method="GetProject",grpc_code="NOT_FOUND"\} 1/);
    expect(text).toMatch(/grpc_server_handling_seconds_count\{.*grpc_method="ListProjects"\} 1/);
    expect(text).toMatch(/grpc_server_in_flight\{.*\} 0/);
  });
});

function toLongError(): OptimusError {
  return new OptimusError('SPEC_INVALID', {
    message: 'ü'.repeat(100_000),
    hint: '\ud800',
    fields: { jobs: 'x'.repeat(50_000) },
  });
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

async function readAll(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  await once(socket, 'close');
  return Buffer.concat(chunks).toString();
}

/** Projects whose listing waits until it is released. */
function holdListing() {
  const { projects } = makeMemoryDeps();
  const gate = Promise.withResolvers<void>();
  let waiting = 0;
  const list = async () => {
    waiting += 1;
    await gate.promise;
    return [];
  };
  return { projects: { ...projects, list }, waiting: () => waiting, release: gate.resolve };
}

function makeLog(onError: (fields: unknown) => void) {
  const log = {
    debug() {},
    info() {},
    warn() {},
    error: (_message: string, fields?: unknown) => onError(fields),
    child: () => log,
  };
  return log;
}
