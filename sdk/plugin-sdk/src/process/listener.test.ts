import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Server } from '@grpc/grpc-js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { assertUsableSocketPath, listen, listenOnPort, parsePortRange } from './listener.ts';

let directory = '';
let server: Server;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'sdk-'));
  server = new Server();
});

afterEach(() => {
  server.forceShutdown();
  rmSync(directory, { recursive: true, force: true });
});

test('puts its socket into the directory of the host, for its own user only', async () => {
  const listener = await listen(server, { PLUGIN_UNIX_SOCKET_DIR: directory }, 'linux');
  expect(path.dirname(listener.address)).toBe(directory);
  expect(statSync(listener.address).mode & 0o777).toBe(0o600);
  listener.release();
  expect(existsSync(listener.address)).toBe(false);
});

test('shares its socket with the group that the host names', async () => {
  const env = {
    PLUGIN_UNIX_SOCKET_DIR: directory,
    PLUGIN_UNIX_SOCKET_GROUP: String(process.getgid?.() ?? 0),
  };
  const listener = await listen(server, env, 'linux');
  expect(statSync(listener.address).mode & 0o777).toBe(0o660);
});

test('says which folder is too deep for a socket, and what to set', () => {
  const deep = `/tmp/${'x'.repeat(120)}/plugin1`;
  expect(() => assertUsableSocketPath(deep, 'linux')).toThrow(/133 bytes .* takes 107: set TMPDIR/);
  expect(() => assertUsableSocketPath(`/tmp/${'x'.repeat(100)}`, 'darwin')).toThrow(/takes 103/);
});

test('refuses a folder whose name would break the handshake', () => {
  expect(() => assertUsableSocketPath('/tmp/a|b/plugin1')).toThrow(/holds a "\|"/);
});

test('rejects when the socket cannot be made', async () => {
  const missing = path.join(directory, 'missing');
  await expect(listen(server, { PLUGIN_UNIX_SOCKET_DIR: missing }, 'linux')).rejects.toThrow(/cannot listen/);
});

test('takes the next port when the first of the range is busy', async () => {
  const busy = createServer();
  const min = await new Promise<number>((resolve) => {
    busy.listen(0, '127.0.0.1', () => {
      const address = busy.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
  const listener = await listenOnPort(server, { min, max: min + 50 });
  expect(Number(listener.address.split(':')[1])).toBeGreaterThan(min);
  busy.close();
});

test('says when no port of the range is free', async () => {
  await expect(listenOnPort(server, { min: 2, max: 1 })).rejects.toThrow(/no free port between 2 and 1/);
});

test('reads the port range, absent meaning any port', () => {
  expect(parsePortRange({ PLUGIN_MIN_PORT: '10000', PLUGIN_MAX_PORT: '25000' })).toEqual({
    min: 10_000,
    max: 25_000,
  });
  expect(parsePortRange({})).toEqual({ min: 0, max: 0 });
});

test.each([
  ['9', '1'],
  ['a', '1'],
  ['1', '70000'],
])('refuses the port range %s to %s', (min, max) => {
  expect(() => parsePortRange({ PLUGIN_MIN_PORT: min, PLUGIN_MAX_PORT: max })).toThrow(/are no port range/);
});
