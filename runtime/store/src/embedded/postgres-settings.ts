import { EMBEDDED_DATABASE, EMBEDDED_USER } from './cluster-initialiser.ts';

/** How to reach an embedded server. `host` is the folder of its Unix socket, or 127.0.0.1 with a password on Windows. */
export interface EmbeddedConnection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly password?: string;
}

/** Where the server listens. */
export interface Endpoint {
  readonly socketFolder: string | undefined;
  readonly port: number;
  readonly password: string | undefined;
}

/** Suited to a laptop: small memory, every commit on disk, nothing that only replication needs. Given on the command line, so that a newer Optimus needs no migration of files. */
const SETTINGS: Readonly<Record<string, string>> = {
  max_connections: '100',
  shared_buffers: '128MB',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '1GB',
  checkpoint_timeout: '15min',
  // Queries here are short; compiling them costs more than it saves.
  jit: 'off',
  logging_collector: 'off',
  log_line_prefix: '%m [%p] ',
  log_timezone: 'UTC',
  timezone: 'UTC',
  log_checkpoints: 'off',
};

/** The arguments of the server program. */
export function toPostgresArgs(cluster: string, endpoint: Endpoint): readonly string[] {
  const listening =
    endpoint.socketFolder === undefined
      ? { listen_addresses: '127.0.0.1', unix_socket_directories: '' }
      : {
          listen_addresses: '',
          unix_socket_directories: quoteListItem(endpoint.socketFolder),
          unix_socket_permissions: '0700',
        };
  const settings = Object.entries({ ...SETTINGS, ...listening, port: String(endpoint.port) });
  return ['-D', cluster, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

/** How to connect to a server that listens there. */
export function toEmbeddedConnection(endpoint: Endpoint): EmbeddedConnection {
  const { socketFolder, port, password } = endpoint;
  const base = { host: socketFolder ?? '127.0.0.1', port, user: EMBEDDED_USER, database: EMBEDDED_DATABASE };
  return password === undefined ? base : { ...base, password };
}

/** The setting is a comma-separated list: a comma or a space in the path would end the item. */
function quoteListItem(path: string): string {
  return `"${path.replaceAll('"', '""')}"`;
}
