import {
  Kysely,
  PostgresDialect,
  type PostgresPool,
  type PostgresPoolClient,
  type Transaction,
} from 'kysely';
import type { QueryResultRow } from 'pg';
import {
  ConnectionPool,
  type DatabaseConnection,
  type PoolOptions,
  type StoreClient,
} from './connection-pool.ts';
import { isWorthRetrying } from './database-error.ts';
import type { Tables } from './tables.ts';

/** A statement on a hot path: prepared once a connection under its name. */
export interface Statement {
  /** Unique among all statements. */
  readonly name: string;
  readonly text: string;
}

/** A transaction in which several statements succeed or fail together. */
export type StoreTransaction = Transaction<Tables>;

const TRANSACTION_TRIES = 4;

/** The database as the stores see it: typed queries, prepared statements, transactions. All errors are the domain's. */
export class Database {
  readonly #pool: ConnectionPool;
  readonly queries: Kysely<Tables>;

  constructor(connection: DatabaseConnection, options: PoolOptions) {
    this.#pool = new ConnectionPool(connection, options);
    this.queries = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: toKyselyPool(this.#pool) }) });
  }

  /** Runs a prepared statement, in a transaction of its own. */
  async run<Row extends QueryResultRow>(
    statement: Statement,
    values: readonly unknown[],
  ): Promise<readonly Row[]> {
    return (await this.#pool.query<Row>({ ...statement, values: [...values] })).rows;
  }

  /** Runs the work in one transaction, again when the database chose it as the victim of a deadlock. */
  async transact<T>(work: (transaction: StoreTransaction) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.queries.transaction().execute(work);
      } catch (thrown) {
        if (attempt === TRANSACTION_TRIES || !isWorthRetrying(thrown)) throw thrown;
      }
    }
  }

  /** Runs the work on one connection. */
  async withClient<T>(work: (client: StoreClient) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    try {
      return await work(client);
    } finally {
      client.release();
    }
  }

  /** Closes all connections once their work is done. Safe to call twice. */
  async close(): Promise<void> {
    await this.#pool.end();
  }
}

/** Kysely's idea of a connection has cursors too, which it needs for `stream()` alone; no store streams. */
function toKyselyPool(pool: ConnectionPool): PostgresPool {
  return {
    options: {},
    connect: async () => (await pool.connect()) as PostgresPoolClient,
    end: () => pool.end(),
  };
}
