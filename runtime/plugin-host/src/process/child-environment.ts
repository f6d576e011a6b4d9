import { appProtocolVersion } from './handshake.ts';

/** Tells a plugin that a host started it. The value is public: it keeps users from running plugins by hand. */
export const magicCookie = {
  key: 'OP_PLUGIN_MAGIC_COOKIE',
  value: 'ksxR4BqCT81whVF2dVEUpYZXwM3pazSkP4IbVc6f2Kns57ypp2c0z0GzQNMdHSUk',
} as const;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment of a plugin: the host's, without what another host may have left there (an inherited
 * `PLUGIN_CLIENT_CERT` would switch the plugin to TLS) and without the server's own configuration, which holds its
 * keys. `socketDir` is the plugin's private folder, for sockets and temporary files. A client
 * certificate (PEM) asks the plugin to speak TLS.
 */
export function createChildEnvironment(
  host: Environment,
  socketDir: string,
  clientCertificate?: string,
): Record<string, string> {
  const kept = Object.entries(host).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !isPrivate(entry[0]),
  );
  return {
    ...Object.fromEntries(kept),
    [magicCookie.key]: magicCookie.value,
    PLUGIN_MIN_PORT: '10000',
    PLUGIN_MAX_PORT: '25000',
    PLUGIN_PROTOCOL_VERSIONS: String(appProtocolVersion),
    PLUGIN_UNIX_SOCKET_DIR: socketDir,
    TMPDIR: socketDir,
    ...(clientCertificate !== undefined && { PLUGIN_CLIENT_CERT: clientCertificate }),
  };
}

function isPrivate(name: string): boolean {
  return name.startsWith('PLUGIN_') || name.startsWith('OPTIMUS_SERVE_') || name === magicCookie.key;
}
