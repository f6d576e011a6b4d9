import { randomInt } from 'node:crypto';
import { chmodSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Server } from '@grpc/grpc-js';
import { PluginError } from '../plugin-error.ts';
import type { Environment } from './handshake.ts';
import { shareSocket } from './socket-group.ts';
import { createTransportSecurity, type TransportSecurity } from './transport-security.ts';

export interface Listener {
  readonly network: 'unix' | 'tcp';
  /** As the handshake announces it: an absolute socket path or `127.0.0.1:port`. */
  readonly address: string;
  /** The server's certificate for the handshake; empty without TLS. */
  readonly certificate: string;
  /** Removes what the listener left in the file system. */
  readonly release: () => void;
}

/** Listens on a Unix socket, or on Windows on a loopback port within the range the host gave. */
export function listen(server: Server, env: Environment, platform = process.platform): Promise<Listener> {
  const security = createTransportSecurity(env);
  return platform === 'win32'
    ? listenOnPort(server, parsePortRange(env), security)
    : listenOnSocket(server, env, security);
}

async function listenOnSocket(
  server: Server,
  env: Environment,
  security: TransportSecurity,
): Promise<Listener> {
  const directory = env['PLUGIN_UNIX_SOCKET_DIR'] || tmpdir();
  const address = path.resolve(directory, `plugin${randomInt(1e9, 1e10)}`);
  assertUsableSocketPath(address);
  await bind(server, `unix:${address}`, security);
  chmodSync(address, 0o600);
  const group = env['PLUGIN_UNIX_SOCKET_GROUP'];
  if (group) shareSocket(address, group);
  const { certificate } = security;
  return { network: 'unix', address, certificate, release: () => rmSync(address, { force: true }) };
}

/** The kernel keeps socket paths in a fixed field; the handshake separates its own by `|`. */
export function assertUsableSocketPath(address: string, platform = process.platform): void {
  const limit = platform === 'linux' ? 107 : 103;
  const length = Buffer.byteLength(address);
  if (length > limit) {
    throw new PluginError(
      `the socket path ${address} has ${length} bytes and the system takes ${limit}: set TMPDIR to a shorter folder`,
    );
  }
  if (address.includes('|')) {
    throw new PluginError(`the socket path ${address} holds a "|": set TMPDIR to a folder without one`);
  }
}

export interface PortRange {
  readonly min: number;
  readonly max: number;
}

/** `PLUGIN_MIN_PORT` and `PLUGIN_MAX_PORT`; both absent means any free port. */
export function parsePortRange(env: Environment): PortRange {
  const min = Number(env['PLUGIN_MIN_PORT'] || 0);
  const max = Number(env['PLUGIN_MAX_PORT'] || 0);
  if (!Number.isInteger(min) || !Number.isInteger(max) || min < 0 || max > 65_535 || min > max) {
    throw new PluginError(
      `PLUGIN_MIN_PORT=${env['PLUGIN_MIN_PORT']} and PLUGIN_MAX_PORT=${env['PLUGIN_MAX_PORT']} are no port range`,
    );
  }
  return { min, max };
}

/** Takes the first free port of the range, as Go plugins do. */
export async function listenOnPort(
  server: Server,
  range: PortRange,
  security = createTransportSecurity({}),
): Promise<Listener> {
  const { certificate } = security;
  for (let port = range.min; port <= range.max; port++) {
    const bound = await bind(server, `127.0.0.1:${port}`, security).catch(() => undefined);
    if (bound !== undefined)
      return { network: 'tcp', address: `127.0.0.1:${bound}`, certificate, release: () => {} };
  }
  throw new PluginError(`no free port between ${range.min} and ${range.max} on 127.0.0.1`);
}

function bind(server: Server, target: string, { credentials }: TransportSecurity): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(target, credentials, (error, port) =>
      error ? reject(new PluginError(`cannot listen on ${target}: ${error.message}`)) : resolve(port),
    );
  });
}
