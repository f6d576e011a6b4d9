import { readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SILENT_LOG } from '@optimus/domain';
import { type EmbeddedPostgres, removeEmbeddedPostgres, startEmbeddedPostgres } from '@optimus/store';
import { Client } from 'pg';

/** A PostgreSQL of our own, which may be stopped and killed. */
export class Cluster {
  readonly #dataDir: string;
  #server: EmbeddedPostgres | undefined;

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
  }

  /** Path of its Unix socket. */
  get socket(): string {
    const { host = '', port = 5432 } = this.#server?.connection ?? {};
    return path.join(host, `.s.PGSQL.${port}`);
  }

  /** Starts it; one that was killed may need a moment until the last of its processes has noticed. */
  async start(): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        this.#server = await startEmbeddedPostgres({ dataDir: this.#dataDir, log: SILENT_LOG });
        return;
      } catch (thrown) {
        if (tries === 20) throw thrown;
        await delay(250);
      }
    }
  }

  /** Ends it in order; connections break. */
  async stop(): Promise<void> {
    await this.#server?.stop();
  }

  /** Ends it as `kill -9` of its first process does: nothing is written any more. */
  async kill(): Promise<void> {
    const cluster = realpathSync(path.join(this.#dataDir, 'cluster'));
    const pid = Number(readFileSync(path.join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0]);
    process.kill(pid, 'SIGKILL');
    await this.#server?.died;
    await this.#server?.stop();
  }

  /** A client past everything that stands between a server and the database. Its own breaks are its caller's to mend. */
  async connect(database: string): Promise<Client> {
    const { host = '', port = 5432, user = '' } = this.#server?.connection ?? {};
    const client = new Client({ host, port, user, database, connectionTimeoutMillis: 5_000 });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  /** Runs one statement. */
  async query<Row>(database: string, sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    const client = await this.connect(database);
    try {
      return (await client.query(sql, [...values])).rows as Row[];
    } finally {
      await client.end();
    }
  }

  async remove(): Promise<void> {
    await this.stop();
    await removeEmbeddedPostgres(this.#dataDir, SILENT_LOG);
  }
}
