import { type Log, OptimusError } from '@optimus/domain';
import type { PostgresQueryResult } from 'kysely';
import { Pool, type PoolClient, type PoolConfig, type QueryConfig, type QueryResultRow } from 'pg';
import { toStoreError } from './database-error.ts';

/** How to reach a database: a connection string, or the parts of one. */
export type DatabaseConnection =
  | { readonly dsn: string }
  | {
      readonly host: string;
      readonly port: number;
      readonly user: string;
      readonly database: string;
      readonly password?: string;
    };

/** The shape of the pool. */
export interface PoolOptions {
  /** Connections at most. */
  readonly size: number;
  /** A statement that takes longer is cancelled by the database. */
  readonly statementTimeoutMs: number;
  readonly log: Log;
  /** Told how long each statement took, from here to its answer. */
  readonly onStatement?: TellStatement;
}

/** How long a statement took, in ms, and whether it succeeded. */
export type TellStatement = (durationMs: number, isOk: boolean) => void;

/** Connections at one moment. */
export interface PoolFigures {
  readonly limit: number;
  readonly open: number;
  readonly idle: number;
  /** Callers that wait for one. */
  readonly waiting: number;
}

/** What a statement answers, in kysely's words for it. */
export type StatementResult<Row> = PostgresQueryResult<Row>;

/** A statement that is parsed and planned once a connection, under its name. */
interface NamedStatement {
  readonly name: string;
  readonly text: string;
}

/** A connection taken from the pool, whose errors are the domain's. */
export interface StoreClient {
  query<Row extends QueryResultRow>(
    statement: string | NamedStatement,
    values?: readonly unknown[],
  ): Promise<StatementResult<Row>>;
  /** Gives the connection back; a broken one is closed, and any one when asked to. */
  release(destroy?: boolean): void;
}

const CONNECT_TIMEOUT_MS = 10_000;

/** Connections to the database. Everything that it throws is an `OptimusError`; it is the one place where that is made so. */
export class ConnectionPool {
  readonly #pool: Pool;
  readonly #options: PoolOptions;

  constructor(connection: DatabaseConnection, options: PoolOptions) {
    this.#options = options;
    this.#pool = new Pool({
      ...toClientConfig(connection),
      max: options.size,
      statement_timeout: options.statementTimeoutMs,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      // Statements that are not waited for one by one travel together: see RunStatement.
      pipeline: true,
    });
    this.#pool.on('error', (error) =>
      options.log.warn('an idle database connection broke', { error: error.message }),
    );
    // An error that nobody hears ends the process, and a connection may break in the packet that makes it: before who waits for it has it.
    this.#pool.on('connect', (client) => void client.on('error', () => undefined));
  }

  /** Runs one statement on any connection. A named one is parsed and planned once a connection. */
  async query<Row extends QueryResultRow>(statement: QueryConfig): Promise<StatementResult<Row>> {
    const { onStatement } = this.#options;
    return toResult<Row>(await time(this.#pool.query<Row>(statement), onStatement).catch(rethrow));
  }

  /** Takes a connection. The caller releases it. */
  async connect(): Promise<StoreClient> {
    return new PooledClient(await this.#pool.connect().catch(rethrow), this.#options.onStatement);
  }

  get figures(): PoolFigures {
    const { totalCount: open, idleCount: idle, waitingCount: waiting } = this.#pool;
    return { limit: this.#options.size, open, idle, waiting };
  }

  /** Closes all connections once they are given back. Safe to call twice. */
  async end(): Promise<void> {
    if (!this.#pool.ending) await this.#pool.end();
  }
}

/** What the driver needs to connect. */
export function toClientConfig(connection: DatabaseConnection): PoolConfig {
  const address = 'dsn' in connection ? { connectionString: connection.dsn } : connection;
  return { ...address, application_name: 'optimus', keepAlive: true };
}

class PooledClient implements StoreClient {
  readonly #client: PoolClient;
  readonly #onStatement: TellStatement | undefined;
  #failure: Error | undefined;
  readonly #noteFailure = (error: Error): void => {
    this.#failure = error;
  };

  constructor(client: PoolClient, onStatement: TellStatement | undefined) {
    this.#client = client;
    this.#onStatement = onStatement;
    // A connection that breaks between two statements says so here.
    client.on('error', this.#noteFailure);
  }

  async query<Row extends QueryResultRow>(
    statement: string | NamedStatement,
    values?: readonly unknown[],
  ): Promise<StatementResult<Row>> {
    const parts = typeof statement === 'string' ? { text: statement } : statement;
    const query = { ...parts, ...(values && { values: [...values] }) };
    const answer = time(this.#client.query<Row>(query), this.#onStatement);
    return toResult<Row>(await answer.catch((thrown) => this.#fail(thrown)));
  }

  release(destroy = false): void {
    this.#client.off('error', this.#noteFailure);
    this.#client.release(this.#failure ?? destroy);
  }

  /** The database says that it ends a connection before the connection ends: it must not go back to the pool in between. */
  #fail(thrown: unknown): never {
    const error = toStoreError(thrown);
    if (error instanceof OptimusError && error.code === 'DATABASE_UNAVAILABLE') this.#failure = error;
    throw error;
  }
}

async function time<T>(answer: Promise<T>, onStatement: TellStatement | undefined): Promise<T> {
  if (!onStatement) return await answer;
  const startedAt = performance.now();
  let isOk = false;
  try {
    const result = await answer;
    isOk = true;
    return result;
  } finally {
    onStatement(performance.now() - startedAt, isOk);
  }
}

function toResult<Row>(result: {
  rows: Row[];
  rowCount: number | null;
  command: string;
}): StatementResult<Row> {
  return {
    rows: result.rows,
    rowCount: result.rowCount ?? 0,
    command: result.command as StatementResult<Row>['command'],
  };
}

function rethrow(thrown: unknown): never {
  throw toStoreError(thrown);
}
