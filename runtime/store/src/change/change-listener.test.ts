import { SILENT_LOG } from '@optimus/domain';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { toClientConfig } from '../database/connection-pool.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import { ChangeListener } from './change-listener.ts';
import { CHANGE_CHANNEL, parseChange } from './change-notice.ts';

let database: TestDatabase;
let listener: ChangeListener;
let admin: Client;

beforeAll(async () => {
  database = await createTestDatabase();
  admin = new Client(toClientConfig(database.connection));
  await admin.connect();
});

afterAll(async () => {
  await admin.end();
  await database.drop();
});

beforeEach(async () => {
  listener = new ChangeListener(database.connection, SILENT_LOG);
  await listener.start();
});

afterEach(() => listener.stop());

function record(): string[] {
  const heard: string[] = [];
  listener.subscribe((change) => heard.push('id' in change ? `${change.topic} ${change.id}` : change.topic));
  return heard;
}

async function announce(payload: string): Promise<void> {
  await admin.query('SELECT pg_notify($1, $2)', [CHANGE_CHANNEL, payload]);
}

/** Ends every connection that listens, as a restarting database would. */
async function breakListeners(): Promise<void> {
  await admin.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'`,
  );
}

it('tells each change once, in order, and nothing after unsubscribing', async () => {
  const heard: string[] = [];
  const unsubscribe = listener.subscribe((change) => heard.push(change.topic));
  await announce('run_ready:1');
  await announce('run_changed:1');
  await expect.poll(() => heard).toEqual(['run_ready', 'run_changed']);
  unsubscribe();
  const others = record();
  await announce('schedule_changed:p');
  await expect.poll(() => others).toEqual(['schedule_changed p']);
  expect(heard).toHaveLength(2);
});

it('says "resync" after its connection broke, and hears again', async () => {
  const heard = record();
  await breakListeners();
  await expect.poll(() => heard).toEqual(['resync']);
  await announce('run_ready:7');
  await expect.poll(() => heard).toEqual(['resync', 'run_ready 7']);
});

it('goes on when one of its listeners fails', async () => {
  listener.subscribe(() => {
    throw new RangeError('a defect');
  });
  const heard = record();
  await announce('run_ready:1');
  await expect.poll(() => heard).toEqual(['run_ready 1']);
});

it('stops for good, also twice and while its connection is broken', async () => {
  const heard = record();
  await breakListeners();
  await Promise.all([listener.stop(), listener.stop()]);
  await announce('run_ready:1');
  expect(heard.filter((change) => change !== 'resync')).toEqual([]);
});

it('refuses to start without a database', async () => {
  const lost = new ChangeListener({ dsn: 'postgres://nobody@127.0.0.1:1/none' }, SILENT_LOG);
  await expect(lost.start()).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  await lost.stop();
});

it('drops a topic that it does not know', () => {
  expect(parseChange('planets_aligned:1')).toBeUndefined();
  expect(parseChange('schedule_changed:a:b')).toEqual({ topic: 'schedule_changed', id: 'a:b' });
});
