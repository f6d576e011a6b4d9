import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

const PREFACE_BYTES = 24;
const FRAME_HEADER_BYTES = 9;
const HEADERS = 1;

/** A network that cuts the first connections in the middle of a call. */
export interface CuttingProxy {
  /** `host:port`. */
  readonly address: string;
  /** Calls that reached it, the cut ones included. */
  readonly calls: () => number;
}

/** Stands before a server and cuts the connection of each of the first calls, as a server that dies does. */
export async function startCuttingProxy(target: string, cuts: number): Promise<CuttingProxy> {
  const [host, port] = target.split(':');
  let calls = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(port), host);
    onCall(client, () => {
      calls += 1;
      if (calls <= cuts) for (const socket of [client, upstream]) socket.destroy();
    });
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) socket.on('error', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  const ownPort = typeof address === 'object' && address !== null ? address.port : 0;
  return { address: `127.0.0.1:${ownPort}`, calls: () => calls };
}

/** Tells of each HEADERS frame: the beginning of a call. */
function onCall(client: Socket, tell: () => void): void {
  let received: Buffer = Buffer.alloc(0);
  let at = PREFACE_BYTES;
  client.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    while (received.length >= at + FRAME_HEADER_BYTES) {
      if (received[at + 3] === HEADERS) tell();
      at += FRAME_HEADER_BYTES + received.readUIntBE(at, 3);
    }
  });
}
