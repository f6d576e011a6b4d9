import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

/** A network that counts what a client sends, and does something when it has sent so much. */
export interface CountingProxy {
  /** `host:port`. */
  readonly address: string;
  /** Bytes that clients sent since the last call of {@link act}. */
  sentBytes(): number;
  /** Counts from nothing again, and acts once when that many bytes have been passed on. */
  act(atBytes: number, action: () => void): void;
  close(): void;
}

/** Stands before a server that may come and go. */
export async function startCountingProxy(target: { readonly port: number }): Promise<CountingProxy> {
  let sent = 0;
  let next: { readonly atBytes: number; readonly action: () => void } | undefined;
  const proxy = createServer((client) => {
    const server = connect(target.port, '127.0.0.1');
    client.on('data', (piece) => {
      sent += piece.length;
      const due = next !== undefined && sent >= next.atBytes ? next : undefined;
      if (due) next = undefined;
      // What has been counted arrives, and then it happens.
      server.write(piece, () => due?.action());
    });
    client.once('end', () => server.end());
    server.pipe(client);
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on('error', () => other.destroy());
      one.once('close', () => other.destroy());
    }
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    sentBytes: () => sent,
    act(atBytes, action) {
      sent = 0;
      next = { atBytes, action };
    },
    close: () => void proxy.close(),
  };
}
