import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ChannelCredentials, Client, credentials, Server, status } from '@grpc/grpc-js';
import {
  createTlsIdentity,
  fromHandshakeField,
  type TlsIdentity,
  tlsServerName,
} from '@optimus/proto/go-plugin-tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Listener, listen } from './listener.ts';
import { createTransportSecurity } from './transport-security.ts';

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

/** The status of a call that no plugin serves: who gets UNIMPLEMENTED was let in. */
function knock({ network, address }: Listener, credential: ChannelCredentials): Promise<status | undefined> {
  const target = network === 'unix' ? `unix:${address}` : address;
  const client = new Client(target, credential, { 'grpc.ssl_target_name_override': tlsServerName });
  const pass = (bytes: Buffer) => bytes;
  return new Promise((resolve) => {
    client.makeUnaryRequest('/a/b', pass, pass, Buffer.alloc(0), { deadline: Date.now() + 5000 }, (error) => {
      client.close();
      resolve(error?.code);
    });
  });
}

function toHost({ certificate }: Listener, { certificate: own, privateKey }: TlsIdentity) {
  return credentials.createSsl(
    Buffer.from(fromHandshakeField(certificate)),
    Buffer.from(privateKey),
    Buffer.from(own),
  );
}

test.each([
  ['on a socket', 'linux'],
  ['on a port', 'win32'],
] as const)('%s lets in the host that asked for TLS, and nobody else', async (_, platform) => {
  const host = createTlsIdentity();
  const env = { PLUGIN_CLIENT_CERT: host.certificate, PLUGIN_UNIX_SOCKET_DIR: directory };
  const ports = { PLUGIN_MIN_PORT: '20000', PLUGIN_MAX_PORT: '25000' };
  const listener = await listen(server, { ...env, ...ports }, platform);
  expect(listener.certificate).not.toContain('=');
  expect(await knock(listener, toHost(listener, host))).toBe(status.UNIMPLEMENTED);
  expect(await knock(listener, toHost(listener, createTlsIdentity()))).toBe(status.UNAVAILABLE);
  const root = Buffer.from(fromHandshakeField(listener.certificate));
  expect(await knock(listener, credentials.createSsl(root))).toBe(status.UNAVAILABLE);
  expect(await knock(listener, credentials.createInsecure())).toBe(status.UNAVAILABLE);
});

test('without a certificate of the host there is no TLS', () => {
  expect(createTransportSecurity({}).certificate).toBe('');
  expect(createTransportSecurity({ PLUGIN_CLIENT_CERT: '' }).certificate).toBe('');
});
