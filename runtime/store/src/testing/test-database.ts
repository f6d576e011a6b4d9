import { createHash, randomBytes } from 'node:crypto';
import { SILENT_LOG } from '@optimus/domain';
import { Client } from 'pg';
import { type DatabaseConnection, toClientConfig } from '../database/connection-pool.ts';
import { Database } from '../database/database.ts';
import { renewDatabaseIdentity } from '../database/database-identity.ts';
import { toMigrationChecksum } from '../migration/migration.ts';
import { runMigrations } from '../migration/migrator.ts';
import { MIGRATIONS } from '../migrations/index.ts';
import { createStore, type Store, type StoreOptions } from '../store.ts';
import { getTestServer, toDatabase, toDsn } from './test-server.ts';

/** A database of one test file. */
export interface TestDatabase {
  readonly connection: DatabaseConnection;
  /** The same, for configuration that takes a DSN. */
  readonly dsn: string;
  /** Started, on this database. */
  readonly store: Store;
  /** Stops the store and removes the database with whoever is still connected. */
  drop(): Promise<void>;
}

/** Any number that only this lock uses. */
const TEMPLATE_LOCK = 0x74657374;

/** Makes a migrated database that nobody else uses, as a copy of a template: some ten milliseconds. */
export async function createTestDatabase(options: Partial<StoreOptions> = {}): Promise<TestDatabase> {
  const server = getTestServer();
  const name = `optimus_test_${randomBytes(6).toString('hex')}`;
  await withAdmin(server, async (admin) => {
    const template = await ensureTemplate(server, admin);
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  });
  const connection = toDatabase(server, name);
  await withDatabase(connection, renewDatabaseIdentity);
  const store = createStore({
    connection,
    appKey: 'a key of the tests',
    log: SILENT_LOG,
    poolSize: 5,
    ...options,
  });
  await store.start(new AbortController().signal);
  return {
    connection,
    dsn: toDsn(connection),
    store,
    async drop() {
      await store.stop();
      await withAdmin(server, (admin) => admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    },
  };
}

/** Makes an empty database without any schema, for tests of migrations. */
export async function createEmptyDatabase(): Promise<Omit<TestDatabase, 'store'>> {
  const server = getTestServer();
  const name = `optimus_test_${randomBytes(6).toString('hex')}`;
  await withAdmin(server, (admin) => admin.query(`CREATE DATABASE ${name}`));
  const connection = toDatabase(server, name);
  return {
    connection,
    dsn: toDsn(connection),
    drop: () =>
      withAdmin(
        server,
        async (admin) => void (await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
      ),
  };
}

/** The template of the present migrations: made once a server, by whoever comes first. */
async function ensureTemplate(server: DatabaseConnection, admin: Client): Promise<string> {
  const name = `optimus_template_${toSchemaDigest()}`;
  await admin.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  try {
    const { rowCount } = await admin.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await makeTemplate(server, admin, name);
  } finally {
    await admin.query('SELECT pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
  }
  return name;
}

/** Under another name until it is whole, for a test run may be killed at any time. */
async function makeTemplate(server: DatabaseConnection, admin: Client, name: string): Promise<void> {
  await sweep(admin);
  const draft = `${name}_draft`;
  await admin.query(`CREATE DATABASE ${draft}`);
  await withDatabase(toDatabase(server, draft), (database) =>
    database.withClient((client) => runMigrations(client, MIGRATIONS, SILENT_LOG)),
  );
  await admin.query(`ALTER DATABASE ${draft} RENAME TO ${name}`);
}

/** Removes what earlier schemas and killed runs left behind. */
async function sweep(admin: Client): Promise<void> {
  const { rows } = await admin.query<{ name: string }>(`
    SELECT datname AS name FROM pg_database
    WHERE datname ~ '^optimus_(test|template)_' AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datname = pg_database.datname)`);
  for (const { name } of rows) await admin.query(`DROP DATABASE IF EXISTS ${name}`);
}

async function withDatabase(
  connection: DatabaseConnection,
  work: (database: Database) => Promise<void>,
): Promise<void> {
  const database = new Database(connection, { size: 1, statementTimeoutMs: 0, log: SILENT_LOG });
  try {
    await work(database);
  } finally {
    await database.close();
  }
}

function toSchemaDigest(): string {
  const checksums = MIGRATIONS.map(toMigrationChecksum).join();
  return createHash('sha256').update(checksums).digest('hex').slice(0, 12);
}

async function withAdmin<T>(server: DatabaseConnection, work: (admin: Client) => Promise<T>): Promise<T> {
  const admin = new Client(toClientConfig(server));
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}
