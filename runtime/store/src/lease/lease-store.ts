import type { LeaseStore } from '@optimus/domain';
import type { Database, Statement } from '../database/database.ts';

/** Of so many leases one that ends later was taken before the clock was set back. */
const FAR = 10;

const ACQUIRE: Statement = {
  name: 'lease_acquire',
  text: `
    INSERT INTO lease (name, holder, expires_at) VALUES ($1, $2, now() + $3 * interval '1 ms')
    ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
    WHERE lease.holder = excluded.holder OR lease.expires_at <= now() OR lease.expires_at > now() + $3 * ${FAR} * interval '1 ms'
    RETURNING name`,
};

const RELEASE: Statement = {
  name: 'lease_release',
  text: 'DELETE FROM lease WHERE name = $1 AND holder = $2',
};

/** Leases in PostgreSQL: one row a name, by the database's clock. */
export class PostgresLeaseStore implements LeaseStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async acquire(name: string, holder: string, leaseMs: number): Promise<boolean> {
    return (await this.#database.run(ACQUIRE, [name, holder, leaseMs])).length === 1;
  }

  async release(name: string, holder: string): Promise<void> {
    await this.#database.run(RELEASE, [name, holder]);
  }
}
