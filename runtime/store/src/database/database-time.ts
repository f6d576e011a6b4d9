import { present } from '@optimus/domain';
import type { Database, Statement } from './database.ts';

const READ: Statement = { name: 'database_time_read', text: 'SELECT now() AS now' };

/** The time by the clock that decides what is due. */
export async function readDatabaseTime(database: Database): Promise<Date> {
  const [row] = await database.run<{ readonly now: Date }>(READ, []);
  return present(row, 'the time of the database').now;
}
