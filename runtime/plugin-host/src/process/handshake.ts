import { isAbsolute } from 'node:path';
import { createUnusable, type PluginIdentity } from '../plugin-failure.ts';

/** The version of go-plugin's own protocol. */
const coreProtocolVersion = 1;

/** The version of the Optimus plugin protocol this host speaks. */
export const appProtocolVersion = 1;

/** What a plugin announces once it listens. */
export interface Handshake {
  readonly appVersion: number;
  readonly network: 'unix' | 'tcp';
  /** Absolute socket path, or loopback address and port. */
  readonly address: string;
  /** Base64 of the server's certificate; absent without TLS. */
  readonly certificate: string | undefined;
}

/** Older plugins put other things into the sixth field; no certificate is this short. */
const shortestCertificate = 50;

/**
 * Reads the line `core|app|network|address|protocol[|certificate[|multiplex]]`.
 * @throws OptimusError `PLUGIN_UNUSABLE` naming the field at fault
 */
export function parseHandshake(line: string, plugin: PluginIdentity): Handshake {
  const fields = line.trim().split('|');
  const [core = '', app = '', network = '', address = '', protocol = '', certificate = ''] = fields;
  if (fields.length < 4) throw createNotAPlugin(line, plugin);
  assertCoreVersion(core, line, plugin);
  assertAppVersion(app, plugin);
  assertProtocol(protocol, plugin);
  return {
    appVersion: Number(app),
    ...parseAddress(network, address, plugin),
    certificate: certificate.length > shortestCertificate ? certificate : undefined,
  };
}

function createNotAPlugin(line: string, plugin: PluginIdentity) {
  const shown = line.trim().slice(0, 200);
  return createUnusable(plugin, `did not start as an Optimus plugin: its first output was "${shown}"`, {
    hint: 'check that it is a plugin and that no wrapper prints something first',
  });
}

function assertCoreVersion(core: string, line: string, plugin: PluginIdentity): void {
  if (!/^\d+$/.test(core)) throw createNotAPlugin(line, plugin);
  if (Number(core) === coreProtocolVersion) return;
  throw createUnusable(
    plugin,
    `uses go-plugin core protocol ${core}; this host speaks ${coreProtocolVersion}`,
    { hint: 'rebuild the plugin with a current library' },
  );
}

function assertAppVersion(app: string, plugin: PluginIdentity): void {
  if (/^\d+$/.test(app) && Number(app) === appProtocolVersion) return;
  throw createUnusable(plugin, `speaks plugin protocol ${app}, this host supports ${appProtocolVersion}`, {
    hint: 'update the plugin or Optimus',
  });
}

function assertProtocol(protocol: string, plugin: PluginIdentity): void {
  if (protocol === 'grpc') return;
  // The field came with gRPC: without it the transport is the older one.
  const name = protocol === '' || protocol === 'netrpc' ? 'the old net/rpc' : `the "${protocol}"`;
  throw createUnusable(plugin, `uses ${name} transport; only gRPC plugins are supported`);
}

const loopback = /^(?:127(?:\.\d{1,3}){3}|\[::1\]):([1-9]\d{0,4})$/;

function parseAddress(
  network: string,
  address: string,
  plugin: PluginIdentity,
): Pick<Handshake, 'network' | 'address'> {
  if (network === 'unix' && isAbsolute(address)) return { network, address };
  const port = loopback.exec(address)?.[1];
  if (network === 'tcp' && port !== undefined && Number(port) <= 65_535) return { network, address };
  throw createUnusable(plugin, `announced an unusable address "${network} ${address}"`, {
    hint: 'a plugin listens on a Unix socket with an absolute path, or on a port of 127.0.0.1',
  });
}
