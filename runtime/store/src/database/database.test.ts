import { SILENT_LOG } from '@optimus/domain';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import { Database } from './database.ts';

const UNAVAILABLE = { code: 'DATABASE_UNAVAILABLE', kind: 'unavailable' };

let test: TestDatabase;
let database: Database;

beforeAll(async () => {
  test = await createTestDatabase();
  database = new Database(test.connection, { size: 4, statementTimeoutMs: 20_000, log: SILENT_LOG });
});

afterAll(async () => {
  await database.close();
  await test.drop();
});

/** Ends the connection as a restarting database would. */
async function terminate(pid: number): Promise<void> {
  await database.withClient((client) => client.query('SELECT pg_terminate_backend($1)', [pid]));
}

describe('a database error', () => {
  it('is "unavailable" when nothing answers', async () => {
    const lost = new Database(
      { dsn: 'postgres://nobody@127.0.0.1:1/none' },
      { size: 1, statementTimeoutMs: 1_000, log: SILENT_LOG },
    );
    await expect(lost.queries.selectFrom('job').select('id').execute()).rejects.toMatchObject(UNAVAILABLE);
    await expect(lost.run({ name: 'any', text: 'SELECT 1' }, [])).rejects.toMatchObject(UNAVAILABLE);
    await lost.close();
  });

  it('is "unavailable" when the connection breaks under a statement, and the next one works', async () => {
    const broken = database.withClient(async (client) => {
      const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await Promise.all([client.query('SELECT pg_sleep(10)'), terminate(rows[0]?.pid ?? 0)]);
    });
    await expect(broken).rejects.toMatchObject(UNAVAILABLE);
    await expect(database.run({ name: 'after', text: 'SELECT 1 AS one' }, [])).resolves.toEqual([{ one: 1 }]);
  });

  it('does not end the process when the connection breaks between two statements', async () => {
    const broken = database.withClient(async (client) => {
      const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await terminate(rows[0]?.pid ?? 0);
      await client.query('SELECT 1');
    });
    await expect(broken).rejects.toMatchObject(UNAVAILABLE);
  });

  it('names the statement’s problem and keeps the cause', async () => {
    const failing = sql`SELECT no_such_column`.execute(database.queries);
    await expect(failing).rejects.toMatchObject({ code: 'DATABASE_FAILED', cause: { code: '42703' } });
  });

  it('cancels a statement that takes longer than allowed', async () => {
    const hasty = new Database(test.connection, { size: 1, statementTimeoutMs: 50, log: SILENT_LOG });
    await expect(sql`SELECT pg_sleep(30)`.execute(hasty.queries)).rejects.toMatchObject({
      cause: { code: '57014' },
    });
    await hasty.close();
  });

  it.each(['a\u0000b', 'a\ud83d', '\ude00b'])(
    'says that no database of this kind can hold %j',
    async (text) => {
      const values = { name: 'nul', config: JSON.stringify({ A: text }) };
      await expect(database.queries.insertInto('project').values(values).execute()).rejects.toMatchObject({
        code: 'REQUEST_INVALID',
      });
    },
  );
});

describe('a transaction', () => {
  it('is tried again when the database chose it as the victim of a deadlock', async () => {
    await sql`INSERT INTO lease VALUES ('x', '', now()), ('y', '', now())`.execute(database.queries);
    const bothHold = Promise.withResolvers<void>();
    let holding = 0;
    const lockInOrder = (names: readonly [string, string]) =>
      database.transact(async (transaction) => {
        await sql`UPDATE lease SET holder = holder || 'a' WHERE name = ${names[0]}`.execute(transaction);
        holding += 1;
        if (holding === 2) bothHold.resolve();
        await bothHold.promise;
        await sql`UPDATE lease SET holder = holder || 'b' WHERE name = ${names[1]}`.execute(transaction);
      });
    await Promise.all([lockInOrder(['x', 'y']), lockInOrder(['y', 'x'])]);
    const { rows } = await sql<{ holder: string }>`SELECT holder FROM lease WHERE name IN ('x', 'y')`.execute(
      database.queries,
    );
    expect(rows.map((row) => [...row.holder].sort().join(''))).toEqual(['ab', 'ab']);
  });

  it('leaves nothing behind when its work throws', async () => {
    const failing = database.transact(async (transaction) => {
      await sql`INSERT INTO lease VALUES ('gone', '', now())`.execute(transaction);
      throw new RangeError('no');
    });
    await expect(failing).rejects.toThrow('no');
    const { rows } = await sql`SELECT FROM lease WHERE name = 'gone'`.execute(database.queries);
    expect(rows).toHaveLength(0);
  });
});

describe('a step', () => {
  const insert = { name: 'step_insert', text: 'INSERT INTO step (value) VALUES ($1)' };
  const sum = { name: 'step_sum', text: 'SELECT sum(value)::int AS sum FROM step' };
  const fail = { name: 'step_fail', text: 'SELECT 1 / $1::int' };

  beforeAll(async () => {
    await sql`CREATE TABLE step (value int)`.execute(database.queries);
  });

  it('carries out statements that travel together one after the other', async () => {
    const sums = await database.step(async (run) => {
      const [, first] = await Promise.all([run(insert, [1]), run(sum, [])]);
      const [second] = await Promise.all([run(sum, []), run({ ...insert, name: 'step_insert_again' }, [1])]);
      return [first, second, await run(sum, [])];
    });
    expect(sums).toEqual([[{ sum: 1 }], [{ sum: 1 }], [{ sum: 2 }]]);
  });

  it('keeps nothing when one of them fails, neither of those before it nor of those behind it', async () => {
    const before = await database.run(sum, []);
    const failing = database.step((run) => Promise.all([run(insert, [10]), run(fail, [0]), run(sum, [])]));
    await expect(failing).rejects.toMatchObject({ code: 'DATABASE_FAILED', cause: { code: '22012' } });
    await expect(database.run(sum, [])).resolves.toEqual(before);
  });

  it('fails when its connection breaks under them, keeps nothing, and the next one works', async () => {
    const before = await database.run(sum, []);
    const broken = database.step(async (run) => {
      const [row] = await run<{ pid: number }>(
        { name: 'step_pid', text: 'SELECT pg_backend_pid() AS pid' },
        [],
      );
      const sleep = { name: 'step_sleep', text: 'SELECT pg_sleep(10)' };
      await Promise.all([run(insert, [100]), run(sleep, []), terminate(row?.pid ?? 0), run(insert, [100])]);
    });
    await expect(broken).rejects.toMatchObject(UNAVAILABLE);
    await expect(database.step((run) => run(sum, []))).resolves.toEqual(before);
  });

  it('finds its rows by an index also when its plan was made while the table was small', async () => {
    const plan = await database.step(async (run) => {
      const text = 'EXPLAIN SELECT state FROM attempt WHERE id = 1';
      return await run<{ 'QUERY PLAN': string }>({ name: 'step_plan', text }, []);
    });
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toContain('attempt_pkey');
  });
});
