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
  type PoolFigures,
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

/**
 * Runs a prepared statement of a transaction and answers its rows. Statements that do not wait for each other's answers travel
 * together; they are carried out one after the other all the same, each seeing what those before it did.
 */
export type RunStatement = <Row extends QueryResultRow>(
  statement: Statement,
  values: readonly unknown[],
) => Promise<readonly Row[]>;

const TRANSACTION_TRIES = 4;

/**
 * A server that stands still in the middle of a step must not hold back the others for longer. The statements of steps find what they
 * change by indexes, whatever the tables hold: their plans are made once, for planning a claim takes longer than the claim; and a plan
 * made while a table was small must still be right when it is not.
 */
const SETTINGS = `SET LOCAL idle_in_transaction_session_timeout = 5000;
  SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_seqscan = off`;
const BEGIN_STEP = `BEGIN; ${SETTINGS}`;
const BEGIN_SNAPSHOT = `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ${SETTINGS}`;

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
  transact<T>(work: (transaction: StoreTransaction) => Promise<T>): Promise<T> {
    return untilNoVictim(() => this.queries.transaction().execute(work));
  }

  /** As {@link transact}, for prepared statements: where each must see what was committed while the one before it waited for a lock. */
  step<T>(work: (run: RunStatement) => Promise<T>): Promise<T> {
    return untilNoVictim(() => this.withClient((client) => runWithin(client, BEGIN_STEP, work)));
  }

  /** Has the work read what is committed at one moment: nothing changes in between, and nothing can be written. */
  snapshot<T>(work: (run: RunStatement) => Promise<T>): Promise<T> {
    return this.withClient((client) => runWithin(client, BEGIN_SNAPSHOT, work));
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

  /** The connections at this moment. */
  get poolFigures(): PoolFigures {
    return this.#pool.figures;
  }

  /** Closes all connections once their work is done. Safe to call twice. */
  async close(): Promise<void> {
    await this.#pool.end();
  }
}

async function untilNoVictim<T>(transact: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transact();
    } catch (thrown) {
      if (attempt === TRANSACTION_TRIES || !isWorthRetrying(thrown)) throw thrown;
    }
  }
}

async function runWithin<T>(
  client: StoreClient,
  begin: string,
  work: (run: RunStatement) => Promise<T>,
): Promise<T> {
  try {
    const run = async <Row extends QueryResultRow>(statement: Statement, values: readonly unknown[]) =>
      (await client.query<Row>(statement, values)).rows;
    // Not waited for: should it fail, then so does all that follows it.
    const [, result] = await Promise.all([client.query(begin), work(run)]);
    await client.query('COMMIT');
    return result;
  } catch (thrown) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw thrown;
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
