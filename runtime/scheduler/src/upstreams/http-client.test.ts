import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpClient } from './http-client.ts';

const client = createHttpClient();
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function get(url: string, overrides: Partial<Parameters<typeof client.get>[0]> = {}) {
  const { signal } = new AbortController();
  return client.get({ url, headers: {}, timeoutMs: 5_000, maxBodyBytes: 100, signal, ...overrides });
}

describe('a GET', () => {
  it('answers the status and the body, and sends headers', async () => {
    const url = await serve(({ headers, url: path }, response) =>
      response.writeHead(207).end(`${String(headers['x-token'])} ${path}`),
    );
    const answer = await get(`${url}/a?b=c%20d`, { headers: { 'X-Token': 'hush' } });
    expect(answer).toEqual({ status: 207, body: 'hush /a?b=c%20d' });
  });

  it('reads no more of a body than it is told to, and waits for nothing of one that it does not want', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200);
      const feed = setInterval(() => response.write('x'.repeat(1000)), 5);
      response.on('close', () => clearInterval(feed));
    });
    expect(await get(url)).toEqual({ status: 200, body: undefined });
    expect(await get(url, { maxBodyBytes: 0 })).toEqual({ status: 200, body: undefined });
  });

  it('follows redirects within a host with its headers, and to another host without', async () => {
    const other = await serve(({ headers }, response) => response.end(`other ${String(headers['x-token'])}`));
    const url = await serve(({ url: path, headers }, response) => {
      if (path === '/away') response.writeHead(302, { location: other }).end();
      else if (path === '/first') response.writeHead(307, { location: '/second' }).end();
      else response.end(`own ${String(headers['x-token'])}`);
    });
    const headers = { 'X-Token': 'hush' };
    expect(await get(`${url}/first`, { headers })).toEqual({ status: 200, body: 'own hush' });
    expect(await get(`${url}/away`, { headers })).toEqual({ status: 200, body: 'other undefined' });
  });

  it('ends at the sixth redirect', async () => {
    let calls = 0;
    const url = await serve((_, response) => {
      calls++;
      response.writeHead(302, { location: '/again' }).end();
    });
    await expect(get(url)).rejects.toMatchObject({
      code: 'SERVER_UNREACHABLE',
      message: 'redirects more than 5 times',
    });
    expect(calls).toBe(6);
  });

  it('follows no redirect to what is no web address', async () => {
    const url = await serve((_, response) =>
      response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    );
    expect((await get(url)).status).toBe(302);
  });

  it('gives up when its time is over, whatever the server is doing', async () => {
    const silent = await serve(() => undefined);
    const slow = await serve((_, response) => void response.writeHead(200).write('half'));
    for (const url of [silent, slow]) {
      await expect(get(url, { timeoutMs: 100 })).rejects.toMatchObject({
        code: 'SERVER_UNREACHABLE',
        message: 'no answer within 0.1 s',
      });
    }
  });

  it('says why nobody answered', async () => {
    await expect(get('http://127.0.0.1:1')).rejects.toMatchObject({
      code: 'SERVER_UNREACHABLE',
      message: expect.stringMatching(/ECONNREFUSED|bad port/),
    });
  });

  it('ends when it is told to', async () => {
    const silent = await serve(() => undefined);
    const stopping = new AbortController();
    const answer = get(silent, { signal: stopping.signal });
    stopping.abort();
    await expect(answer).rejects.toMatchObject({ code: 'SERVER_STOPPING' });
  });
});
