import {
  type NamespaceName,
  parseNamespaceName,
  parseProjectName,
  parseSecretName,
  SILENT_LOG,
} from '@optimus/domain';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Database } from '../database/database.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import { SecretCipher } from './secret-cipher.ts';
import { PostgresSecretStore } from './secret-store.ts';

const project = parseProjectName('sky');
const namespace = parseNamespaceName('space');
const COUNT = 120;

let test: TestDatabase;
let database: Database;

beforeEach(async () => {
  test = await createTestDatabase();
  database = new Database(test.connection, { size: 4, statementTimeoutMs: 30_000, log: SILENT_LOG });
  await test.store.projects.save({ name: project, config: {} });
  await test.store.namespaces.save({ project, name: namespace, config: {} });
});

afterEach(async () => {
  await database.close();
  await test.drop();
});

/** The secrets of the same database, as a server with these keys sees them. */
function withKeys(appKey: string, ...previous: readonly string[]): PostgresSecretStore {
  return new PostgresSecretStore(database, new SecretCipher(appKey, previous));
}

async function fill(store: PostgresSecretStore, scope?: NamespaceName): Promise<void> {
  const place = scope === undefined ? { project } : { project, namespace: scope };
  for (let i = 0; i < COUNT; i++) await store.create(place, parseSecretName(`KEY_${i}`), `value ${i}`);
}

describe('rotating the key', () => {
  it('encrypts everything under the new one, keeps each value, and needs the old one no more', async () => {
    const old = withKeys('old');
    await fill(old);
    await old.create({ project, namespace }, parseSecretName('OWN'), 'own');
    const before = await old.list(project);
    const values = await old.readAll(project, namespace);
    expect(await withKeys('new', 'old').rotateKey()).toEqual({ rotated: COUNT + 1, unreadable: [] });
    const rotated = withKeys('new');
    expect(await rotated.readAll(project, namespace)).toEqual(values);
    const after = await rotated.list(project);
    expect(after.map(({ updatedAt }) => updatedAt)).toEqual(before.map(({ updatedAt }) => updatedAt));
    expect(after.some(({ digest }, index) => digest === before[index]?.digest)).toBe(false);
    await expect(old.readAll(project, namespace)).rejects.toMatchObject({ code: 'SECRET_UNREADABLE' });
  });

  it('has nothing left to do the second time, and does the rest after one that broke off', async () => {
    await fill(withKeys('old'));
    const store = withKeys('new', 'old');
    await store.update({ project }, parseSecretName('KEY_7'), 'set meanwhile');
    expect(await store.rotateKey()).toEqual({ rotated: COUNT - 1, unreadable: [] });
    expect(await store.rotateKey()).toEqual({ rotated: 0, unreadable: [] });
    expect(await store.readAll(project, namespace)).toMatchObject({
      KEY_7: 'set meanwhile',
      KEY_8: 'value 8',
    });
  });

  it('leaves alone and names what no key opens', async () => {
    await fill(withKeys('forgotten'), namespace);
    await withKeys('old').create({ project }, parseSecretName('KNOWN'), 'known');
    const { rotated, unreadable } = await withKeys('new', 'old').rotateKey();
    expect([rotated, unreadable.length]).toEqual([1, COUNT]);
    expect(unreadable[0]).toEqual({ project, namespace, name: 'KEY_0' });
    expect(await withKeys('forgotten', 'new').readAll(project, namespace)).toMatchObject({
      KEY_0: 'value 0',
      KNOWN: 'known',
    });
  });

  it('rotates each secret once when several servers do it at a time, and loses no change made meanwhile', async () => {
    await fill(withKeys('old'));
    const stores = [1, 2, 3].map(() => withKeys('new', 'old'));
    const [changes, ...rotations] = await Promise.all([
      changeAll(withKeys('new', 'old')),
      ...stores.map((store) => store.rotateKey()),
    ]);
    expect(changes).toBe(COUNT);
    expect(rotations.reduce((sum, { rotated }) => sum + rotated, 0)).toBeLessThanOrEqual(COUNT);
    expect(await withKeys('new').readAll(project, namespace)).toMatchObject({ KEY_0: 'changed 0' });
    const { rows } = await sql<{ keys: number }>`
      SELECT count(DISTINCT substring(ciphertext FROM 1 FOR 9))::int AS keys FROM secret`.execute(
      database.queries,
    );
    expect(rows).toEqual([{ keys: 1 }]);
  });
});

async function changeAll(store: PostgresSecretStore): Promise<number> {
  for (let i = 0; i < COUNT; i++)
    await store.update({ project }, parseSecretName(`KEY_${i}`), `changed ${i}`);
  return COUNT;
}
