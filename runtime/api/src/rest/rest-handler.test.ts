import { request as httpRequest } from 'node:http';
import { OptimusError } from '@optimus/domain';
import { describe, expect, it } from 'vitest';
import { makeMemoryDeps, startApi } from '../testing/api-rig.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

describe('REST', () => {
  it('answers an unknown path with the JSON form of errors', async () => {
    const { url } = await startApi();
    const response = await fetch(`${url}/api/v1/nonsense?a=b`);
    expect([response.status, response.headers.get('content-type')]).toEqual([404, 'application/json']);
    expect(await response.json()).toMatchObject({
      code: 5,
      message: 'nothing is at "/api/v1/nonsense"',
      details: [
        { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'NOT_FOUND' },
        expect.anything(),
      ],
    });
  });

  it('answers a method that the path does not have with those that it has', async () => {
    const { url } = await startApi();
    const response = await fetch(`${url}/api/v1/project`, { method: 'DELETE' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, POST, HEAD, OPTIONS']);
    expect(await response.json()).toMatchObject({ code: 12 });
    expect((await fetch(`${url}/ping`, { method: 'POST' })).status).toBe(405);
  });

  it('answers OPTIONS with the methods and HEAD without a body', async () => {
    const { url } = await startApi();
    const options = await fetch(`${url}/api/v1/project`, { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, POST, HEAD, OPTIONS']);
    const head = await fetch(`${url}/api/v1/project`, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '15', '']);
  });

  it('tells where a body stops being JSON', async () => {
    const { url } = await startApi();
    const response = await fetch(`${url}/api/v1/project`, {
      method: 'POST',
      headers: JSON_TYPE,
      body: '{"project":\n }',
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      code: 3,
      message: 'the body is not JSON: line 2, column 2: found "}" where value should be',
      details: [{ metadata: { line: '2', column: '2' } }],
    });
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/grpc'])(
    'refuses a body of type %s with the header to send',
    async (type) => {
      const { url } = await startApi();
      const response = await fetch(`${url}/api/v1/project`, {
        method: 'POST',
        headers: { 'content-type': type },
        body: '{}',
      });
      expect(response.status).toBe(400);
      expect(await response.text()).toContain('Content-Type: application/json');
    },
  );

  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON',
    'application/merge-patch+json',
  ])('understands a body of type %s', async (type) => {
    const { url } = await startApi();
    const body = '{"project": {"name": "sky"}}';
    const response = await fetch(`${url}/api/v1/project`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
    expect(response.status).toBe(200);
  });

  it('refuses a body that is not UTF-8', async () => {
    const { url } = await startApi();
    const body = Buffer.from([0x22, 0xff, 0x22]);
    const response = await fetch(`${url}/api/v1/project`, { method: 'POST', headers: JSON_TYPE, body });
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('not UTF-8')]);
  });

  it('refuses a body over 64 MiB before it has arrived', async () => {
    const { port } = await startApi();
    const status = await new Promise((resolve, reject) => {
      const headers = { ...JSON_TYPE, 'content-length': 65 * 1024 * 1024 };
      const request = httpRequest({ port, path: '/api/v1/project', method: 'POST', headers }, (response) =>
        resolve(response.statusCode),
      );
      request.on('error', reject).write('{');
    });
    expect(status).toBe(413);
  });

  it('takes a body of some megabytes in many pieces', async () => {
    const { url } = await startApi();
    const config = { big: 'x'.repeat(5_000_000) };
    const body = JSON.stringify({ project: { name: 'sky', config } });
    expect((await fetch(`${url}/api/v1/project`, { method: 'POST', headers: JSON_TYPE, body })).status).toBe(
      200,
    );
    const stored = (await (await fetch(`${url}/api/v1/project/sky`)).json()) as {
      project: { config: { BIG: string } };
    };
    expect(stored.project.config.BIG).toHaveLength(5_000_000);
  });

  it('keeps out what a page of another site sends', async () => {
    const { url, port } = await startApi();
    const call = (origin: string) => fetch(`${url}/api/v1/project`, { headers: { origin } });
    expect((await call('https://evil.example')).status).toBe(403);
    expect((await call('null')).status).toBe(403);
    expect((await call(`http://127.0.0.1:${port}`)).status).toBe(200);
  });

  it('says of an rpc that is not carried out what is missing', async () => {
    const { url } = await startApi();
    const response = await fetch(`${url}/api/v1beta1/project/p/replay`);
    expect(response.status).toBe(501);
    expect(await response.json()).toMatchObject({
      code: 12,
      message: 'ReplayService.ListReplays: replays are not supported by this version of Optimus',
    });
  });

  it.each([
    ['SECRET_EXISTS', 409, 6],
    ['VERSION_CONFLICT', 409, 10],
    ['PRECONDITION_FAILED', 400, 9],
    ['TEMPLATE_TOO_LARGE', 429, 8],
    ['PERMISSION_DENIED', 403, 7],
    ['PLUGIN_TIMEOUT', 504, 4],
    ['DATABASE_UNAVAILABLE', 503, 14],
    ['CANCELLED', 499, 1],
    ['DATABASE_FAILED', 500, 13],
  ] as const)('answers %s with %i and code %i', async (code, httpStatus, grpcCode) => {
    const list = () => Promise.reject(new OptimusError(code, { message: 'so it is' }));
    const { url } = await startApi({
      deps: makeMemoryDeps({ projects: { ...makeMemoryDeps().projects, list } }),
    });
    const response = await fetch(`${url}/api/v1/project`);
    expect(response.status).toBe(httpStatus);
    expect(await response.json()).toMatchObject({ code: grpcCode });
  });
});
