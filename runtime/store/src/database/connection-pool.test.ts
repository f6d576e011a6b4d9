import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { SILENT_LOG } from '@optimus/domain';
import { expect, it, onTestFinished } from 'vitest';
import { ConnectionPool } from './connection-pool.ts';

/** A message as PostgreSQL sends it: its type, its length, its body. */
function toMessage(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
}

const AUTHENTICATED = toMessage('R', Buffer.alloc(4));
const READY = toMessage('Z', Buffer.from('I'));
const ENDED = toMessage(
  'E',
  Buffer.from('SFATAL\0VFATAL\0C57P01\0Mterminating connection due to unexpected postmaster exit\0\0'),
);

/** A database that dies as it takes a connection: both come in one packet, before anybody can use the connection. */
async function startDyingDatabase() {
  const server = createServer((socket) => {
    socket
      .on('error', () => undefined)
      .once('data', () => socket.end(Buffer.concat([AUTHENTICATED, READY, ENDED])));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port, user: 'u', database: 'd' };
}

// An error of it that nobody hears would end the process, and this test with it.
it('a connection that ends in the moment in which it is made fails what is asked of it, and nothing else', async () => {
  const pool = new ConnectionPool(await startDyingDatabase(), {
    size: 1,
    statementTimeoutMs: 1_000,
    log: SILENT_LOG,
  });
  onTestFinished(() => pool.end());
  const client = await pool.connect();
  await expect(client.query('SELECT 1')).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  client.release();
  await expect.poll(() => pool.figures.open).toBe(0);
  await expect(pool.query({ text: 'SELECT 1' })).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
});
