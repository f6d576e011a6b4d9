import { present } from '@optimus/domain';
import type { Database, Statement } from './database.ts';

const READ: Statement = { name: 'database_identity_read', text: 'SELECT id FROM database_identity' };
const RENEW: Statement = {
  name: 'database_identity_renew',
  text: 'UPDATE database_identity SET id = gen_random_uuid()',
};

/** The UUID of a migrated database: equal over restarts, upgrades and restored dumps, different for any other database. */
export async function readDatabaseIdentity(database: Database): Promise<string> {
  const [row] = await database.run<{ readonly id: string }>(READ, []);
  return present(row, 'the identity of a migrated database').id;
}

/** Makes a copy of a database a database of its own, for both live on and give out the same ids from here on. */
export async function renewDatabaseIdentity(database: Database): Promise<void> {
  await database.run(RENEW, []);
}
