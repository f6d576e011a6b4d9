import { setTimeout as delay } from 'node:timers/promises';
import { type Log, OptimusError } from '@optimus/domain';
import type { StoreClient } from '../database/connection-pool.ts';
import { type Migration, toMigrationChecksum } from './migration.ts';
import { type AppliedMigration, planMigrations } from './plan-migrations.ts';

/** The oldest PostgreSQL whose features the schema and the queries use. */
const OLDEST_SERVER = 140_000;

/** Any number that nothing else in the database locks: the letters "opt". */
const MIGRATION_LOCK = 0x6f7074;

const TURN_POLL_MS = 50;

const HISTORY = `
CREATE TABLE IF NOT EXISTS schema_migration (
  number integer PRIMARY KEY,
  name text NOT NULL,
  checksum text NOT NULL,
  is_breaking boolean NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
)`;

/**
 * Brings the database to the newest schema: each migration in a transaction of its own, one server at a time, the others wait.
 * @throws OptimusError `MIGRATION_REFUSED`, `DATABASE_TOO_NEW`, `PRECONDITION_FAILED` for a PostgreSQL before 14, `CANCELLED`
 */
export async function runMigrations(
  client: StoreClient,
  migrations: readonly Migration[],
  log: Log,
  signal?: AbortSignal,
): Promise<void> {
  await assertServerVersion(client);
  await client.query('SET statement_timeout = 0');
  await waitForTurn(client, signal);
  try {
    await runPending(client, migrations, log);
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    await client.query('RESET statement_timeout');
  }
}

/** Another server's long migration is no reason to fail, but one to let the caller give up. */
async function waitForTurn(client: StoreClient, signal: AbortSignal | undefined): Promise<void> {
  while (signal?.aborted !== true) {
    const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [
      MIGRATION_LOCK,
    ]);
    if (rows[0]?.taken === true) return;
    await delay(TURN_POLL_MS);
  }
  throw new OptimusError('CANCELLED', {
    message: 'the start was cancelled while another server was migrating the database',
  });
}

async function runPending(client: StoreClient, migrations: readonly Migration[], log: Log): Promise<void> {
  const applied = await listApplied(client);
  const newest = applied.findLast((one) => one.number > migrations.length);
  if (newest)
    log.warn('the database was migrated by a newer version of Optimus', { migration: newest.number });
  for (const migration of planMigrations(migrations, applied)) {
    log.info('migrating the database', { migration: migration.number, name: migration.name });
    await runMigration(client, migration, applied.length === 0 && migration === migrations[0]);
  }
}

async function runMigration(client: StoreClient, migration: Migration, isFirst: boolean): Promise<void> {
  await client.query('BEGIN');
  try {
    if (isFirst) await client.query(HISTORY);
    await client.query(migration.sql);
    const { number, name, isBreaking } = migration;
    const values = [number, name, toMigrationChecksum(migration), isBreaking];
    await client.query(
      'INSERT INTO schema_migration (number, name, checksum, is_breaking) VALUES ($1, $2, $3, $4)',
      values,
    );
    await client.query('COMMIT');
  } catch (thrown) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw thrown;
  }
}

async function listApplied(client: StoreClient): Promise<readonly AppliedMigration[]> {
  const table = await client.query<{ found: boolean }>(
    `SELECT to_regclass('schema_migration') IS NOT NULL AS found`,
  );
  if (table.rows[0]?.found !== true) return [];
  const sql =
    'SELECT number, name, checksum, is_breaking AS "isBreaking" FROM schema_migration ORDER BY number';
  return (await client.query<AppliedMigration>(sql)).rows;
}

async function assertServerVersion(client: StoreClient): Promise<void> {
  const { rows } = await client.query<{ number: number; text: string }>(
    `SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS text`,
  );
  if ((rows[0]?.number ?? 0) >= OLDEST_SERVER) return;
  throw new OptimusError('PRECONDITION_FAILED', {
    message: `the database runs PostgreSQL ${rows[0]?.text}, and Optimus needs 14 or newer`,
    hint: 'upgrade the PostgreSQL that serve.db.dsn names',
  });
}
