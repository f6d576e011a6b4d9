import { isIPv6 } from 'node:net';

/** A host and port. */
export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/** How programs on this machine reach a server that listens there; an IPv6 address is in brackets. */
export function toLocalAddress({ host, port }: HostAndPort): HostAndPort {
  if (host === '0.0.0.0' || host === '::') return { host: '127.0.0.1', port };
  return { host: isIPv6(host) ? `[${host}]` : host, port };
}
