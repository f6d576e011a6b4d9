import { createUsageError } from '../command-line/usage-error.ts';

/** Where a server answers, and what to identify with when the address says so. */
export interface ServerAddress {
  /** `host:port`, as gRPC dials it. */
  readonly target: string;
  /** `user:password` of an address of the form `user:password@host:port`. */
  readonly userInfo: string | undefined;
}

const DEFAULT_PORT = 9100;
const ADDRESS = /^(?:(?<user>[^@]*)@)?(?<host>\[[^\]]+\]|[^:/@\s]+)(?::(?<port>\d{1,5}))?$/;

/** Parses `host`, `host:port` or `user:password@host:port`; the port defaults to 9100. @throws a usage error */
export function parseServerAddress(value: string): ServerAddress {
  const groups = ADDRESS.exec(
    value
      .trim()
      .replace(/^https?:\/\//, '')
      .replace(/\/$/, ''),
  )?.groups;
  const host = groups?.['host'];
  if (host === undefined) {
    const shown = JSON.stringify(value.replace(/^.*@/, ''));
    throw createUsageError('host', `is ${shown}, must be host:port`, 'for example: --host localhost:9100');
  }
  const userInfo = groups?.['user'];
  return {
    target: `${host}:${groups?.['port'] ?? DEFAULT_PORT}`,
    userInfo: userInfo === undefined ? undefined : decodeUserInfo(userInfo),
  };
}

function decodeUserInfo(userInfo: string): string {
  try {
    return decodeURIComponent(userInfo);
  } catch {
    // A password with a bare percent sign was not encoded: it is meant as it stands.
    return userInfo;
  }
}
