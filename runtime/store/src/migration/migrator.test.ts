import { SILENT_LOG } from '@optimus/domain';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Database } from '../database/database.ts';
import { MIGRATIONS } from '../migrations/index.ts';
import { createEmptyDatabase } from '../testing/test-database.ts';
import type { Migration } from './migration.ts';
import { runMigrations } from './migrator.ts';

let database: Database;
let drop: () => Promise<void>;

beforeEach(async () => {
  const empty = await createEmptyDatabase();
  database = new Database(empty.connection, { size: 4, statementTimeoutMs: 30_000, log: SILENT_LOG });
  drop = async () => {
    await database.close();
    await empty.drop();
  };
});

afterEach(() => drop());

const FIRST: Migration = {
  number: 1,
  name: 'first',
  isBreaking: true,
  sql: 'CREATE TABLE a (x int); INSERT INTO a VALUES (1);',
};
const SECOND: Migration = { number: 2, name: 'second', isBreaking: false, sql: 'CREATE TABLE b (x int);' };

async function migrate(migrations: readonly Migration[]): Promise<void> {
  await database.withClient((client) => runMigrations(client, migrations, SILENT_LOG));
}

async function select(sql: string): Promise<readonly unknown[]> {
  return await database.withClient(async (client) => (await client.query(sql)).rows);
}

it('runs each migration once and remembers it', async () => {
  await migrate([FIRST]);
  await migrate([FIRST, SECOND]);
  expect(await select('SELECT number, name, is_breaking FROM schema_migration ORDER BY number')).toEqual([
    { number: 1, name: 'first', is_breaking: true },
    { number: 2, name: 'second', is_breaking: false },
  ]);
  expect(await select('SELECT x FROM a')).toEqual([{ x: 1 }]);
});

it('lets several servers start at once on a new database', async () => {
  await Promise.all([migrate([FIRST, SECOND]), migrate([FIRST, SECOND]), migrate([FIRST, SECOND])]);
  expect(await select('SELECT x FROM a')).toEqual([{ x: 1 }]);
});

it('gives up waiting for another server when it is told to', async () => {
  const turn = new AbortController();
  await database.withClient(async (other) => {
    await other.query('SELECT pg_advisory_lock(7303284)');
    const waiting = database.withClient((client) => runMigrations(client, [FIRST], SILENT_LOG, turn.signal));
    turn.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' });
    await other.query('SELECT pg_advisory_unlock(7303284)');
  });
});

it('leaves nothing of a migration that fails half-way, and continues there when it is mended', async () => {
  const broken = { ...SECOND, sql: 'CREATE TABLE b (x int); SELECT no_such_column;' };
  await expect(migrate([FIRST, broken])).rejects.toMatchObject({ code: 'DATABASE_FAILED' });
  expect(
    await select(`SELECT to_regclass('b') AS b, (SELECT count(*)::int FROM schema_migration) AS n`),
  ).toEqual([{ b: null, n: 1 }]);
  await migrate([FIRST, SECOND]);
  expect(await select('SELECT x FROM b')).toEqual([]);
});

it('refuses a migration that was changed after it ran and runs nothing', async () => {
  await migrate([FIRST]);
  await expect(migrate([{ ...FIRST, sql: 'SELECT 1' }, SECOND])).rejects.toMatchObject({
    code: 'MIGRATION_REFUSED',
  });
  expect(await select(`SELECT to_regclass('b') AS b`)).toEqual([{ b: null }]);
});

it('refuses a database that a newer version has changed in a breaking way', async () => {
  await migrate([
    { ...SECOND, number: 1 },
    { ...FIRST, number: 2 },
  ]);
  await expect(migrate([{ ...SECOND, number: 1 }])).rejects.toMatchObject({ code: 'DATABASE_TOO_NEW' });
});

it('numbers the released migrations 1, 2, 3 without gaps', () => {
  expect(MIGRATIONS.map((migration) => migration.number)).toEqual(MIGRATIONS.map((_, index) => index + 1));
});
