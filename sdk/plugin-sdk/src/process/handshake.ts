/** Proves to a program that it was started by a host. It keeps users from running plugins by hand; it is no secret. */
export const magicCookie = {
  key: 'OP_PLUGIN_MAGIC_COOKIE',
  value: 'ksxR4BqCT81whVF2dVEUpYZXwM3pazSkP4IbVc6f2Kns57ypp2c0z0GzQNMdHSUk',
} as const;

/** Versions of the Optimus plugin protocol that this SDK speaks. */
export const spokenVersions: ReadonlyArray<number> = [1];

const coreProtocolVersion = 1;

/** The text that go-plugin prints when a plugin is run by hand. */
export const notAHostNotice = [
  'This binary is a plugin. These are not meant to be executed directly.',
  'Please execute the program that consumes these plugins, which will',
  'load any plugins automatically',
  '',
].join('\n');

export type Environment = Readonly<Record<string, string | undefined>>;

export function isStartedByHost(env: Environment): boolean {
  return env[magicCookie.key] === magicCookie.value;
}

/**
 * The highest version both sides speak; without one, our lowest, which leaves the refusal to the host, as
 * go-plugin does. `offered` is the host's comma-separated list; what is not a number in it is passed over.
 */
export function negotiateVersion(
  offered: string | undefined,
  spoken: ReadonlyArray<number> = spokenVersions,
): number {
  const offers = (offered ?? '').split(',').filter((text) => /^\d+$/.test(text.trim()));
  const shared = offers.map(Number).filter((version) => spoken.includes(version));
  return shared.length > 0 ? Math.max(...shared) : Math.min(...spoken);
}

export interface Handshake {
  readonly version: number;
  readonly network: 'unix' | 'tcp';
  readonly address: string;
  /** The server's certificate, base64 without padding; empty without TLS. */
  readonly certificate: string;
}

/**
 * The one line a plugin may print, newline included. The last field is the certificate. A seventh one
 * (multiplexing) is never written: hosts before 1.6 would read it as part of the certificate.
 */
export function formatHandshake({ version, network, address, certificate }: Handshake): string {
  return `${[coreProtocolVersion, version, network, address, 'grpc', certificate].join('|')}\n`;
}
