import { join } from 'node:path';
import type { Log, OptimusError } from '@optimus/domain';
import { type DatabaseConnection, startEmbeddedPostgres } from '@optimus/store';
import type { ServerConfig } from '../config/server-config.ts';
import type { DataDir } from '../data-dir/data-dir.ts';

/** The database that the configuration names, ready for connections. */
export interface OpenDatabase {
  readonly connection: DatabaseConnection;
  readonly appKey: string;
  /** Resolves when an embedded server ends by itself; never otherwise. */
  readonly died: Promise<OptimusError>;
  stop(): Promise<void>;
}

/** Starts the embedded PostgreSQL, unless a DSN leads to another one. @throws OptimusError of the embedded server's start */
export async function openDatabase(
  { serve }: ServerConfig,
  { dataDir, log, signal }: { readonly dataDir: DataDir; readonly log: Log; readonly signal: AbortSignal },
): Promise<OpenDatabase> {
  const appKey = serve.appKey ?? (await dataDir.readAppKey());
  if (serve.db.dsn !== undefined) {
    const connection = { dsn: serve.db.dsn };
    return { connection, appKey, died: new Promise(() => {}), stop: () => Promise.resolve() };
  }
  const embedded = await startEmbeddedPostgres({ dataDir: join(dataDir.path, 'postgres'), log, signal });
  const { connection, died } = embedded;
  return { connection, appKey, died, stop: () => embedded.stop() };
}
