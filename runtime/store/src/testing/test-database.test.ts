import { parseProjectName } from '@optimus/domain';
import { Client } from 'pg';
import { expect, it } from 'vitest';
import { createTestDatabase } from './test-database.ts';

it('gives each caller a database of its own, migrated and reachable by its DSN', async () => {
  const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  await one.store.projects.save({ name: parseProjectName('mine'), config: {} });
  expect(await two.store.projects.list()).toEqual([]);
  const client = new Client({ connectionString: one.dsn });
  await client.connect();
  expect((await client.query('SELECT name FROM project')).rows).toEqual([{ name: 'mine' }]);
  await client.end();
  await Promise.all([one.drop(), two.drop()]);
});

it('drops the database also when somebody is still connected', async () => {
  const database = await createTestDatabase();
  const client = new Client({ connectionString: database.dsn });
  const ended = new Promise<Error>((resolve) => void client.on('error', resolve));
  await client.connect();
  await database.drop();
  expect((await ended).message).toMatch(/terminat/);
});
