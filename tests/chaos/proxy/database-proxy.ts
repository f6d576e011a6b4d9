import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type CommitPoint, ConnectionWatch } from './commit-trap.ts';
import { MessageReader, type WireMessage } from './message-reader.ts';

/** Two sockets that are one connection. */
interface Pair {
  readonly client: Socket;
  readonly database: Socket;
  watch: ConnectionWatch | undefined;
}

/** What happens at a commit point. The message that reached it is not passed on before this has resolved, and never when that says so. */
export type TrapAction = (pair: { cut(): void }) => Promise<'pass' | 'drop'>;

/** The network between one server and the database, message by message. */
export class DatabaseProxy {
  readonly #target: string;
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  #open = Promise.withResolvers<void>();
  #isRefusing = false;
  #delayMs = 0;
  #trap: { readonly point: CommitPoint; readonly action: TrapAction; passings: number } | undefined;

  private constructor(target: string) {
    this.#target = target;
    this.#open.resolve();
    this.#server = createServer((client) => this.#accept(client));
  }

  /** @param target path of the database's Unix socket */
  static async start(target: string): Promise<DatabaseProxy> {
    const proxy = new DatabaseProxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Ends all connections as a broken network does. */
  cut(): void {
    for (const pair of this.#pairs) close(pair);
  }

  /** Ends all connections, and takes no more until {@link mend}. */
  refuse(): void {
    this.#isRefusing = true;
    this.cut();
  }

  /** Passes nothing on until {@link mend}; connections stay. */
  stall(): void {
    this.#open = Promise.withResolvers();
  }

  /** Every message is late by so much. */
  slow(ms: number): void {
    this.#delayMs = ms;
  }

  mend(): void {
    this.#isRefusing = false;
    this.#delayMs = 0;
    this.#open.resolve();
  }

  /** Acts when a connection comes to the point, once. The answer says whether it came there in time. */
  async trap(point: CommitPoint, action: TrapAction, patienceMs: number): Promise<boolean> {
    const reached = Promise.withResolvers<boolean>();
    const act: TrapAction = (pair) => {
      reached.resolve(true);
      return action(pair);
    };
    this.#trap = { point, action: act, passings: 0 };
    for (const pair of this.#pairs) pair.watch = this.#makeWatch();
    const timer = setTimeout(() => reached.resolve(false), patienceMs);
    const isReached = await reached.promise;
    clearTimeout(timer);
    this.#trap = undefined;
    for (const pair of this.#pairs) pair.watch = undefined;
    return isReached;
  }

  async close(): Promise<void> {
    this.refuse();
    this.mend();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #makeWatch(): ConnectionWatch | undefined {
    const trap = this.#trap;
    return trap && new ConnectionWatch(trap.point, () => ++trap.passings === trap.point.passing);
  }

  #accept(client: Socket): void {
    if (this.#isRefusing) return void client.destroy();
    const pair: Pair = { client, database: connect(this.#target), watch: this.#makeWatch() };
    this.#pairs.add(pair);
    for (const socket of [pair.client, pair.database]) {
      socket.setNoDelay?.(true);
      socket.on('error', () => close(pair)).once('close', () => close(pair));
    }
    client.once('close', () => this.#pairs.delete(pair));
    void this.#pump(pair, 'client');
    void this.#pump(pair, 'server');
  }

  /** Carries what one side of a connection says to the other. */
  async #pump(pair: Pair, side: 'client' | 'server'): Promise<void> {
    const [from, to] = side === 'client' ? [pair.client, pair.database] : [pair.database, pair.client];
    const reader = new MessageReader(side);
    try {
      for await (const piece of from) {
        const messages = reader.push(piece as Buffer);
        if (!(await this.#carry(pair, messages, side, to))) return;
      }
      to.end();
    } catch {
      close(pair);
    }
  }

  async #carry(
    pair: Pair,
    messages: readonly WireMessage[],
    side: 'client' | 'server',
    to: Socket,
  ): Promise<boolean> {
    if (this.#delayMs > 0) await delay(this.#delayMs);
    for (const message of messages) {
      await this.#open.promise;
      if (this.#isTrapped(pair, message, side) && (await this.#spring(pair)) === 'drop') return false;
      to.write(message.bytes);
    }
    return true;
  }

  #isTrapped({ watch }: Pair, message: WireMessage, side: 'client' | 'server'): boolean {
    return (side === 'client' ? watch?.sees(message) : watch?.hears(message)) ?? false;
  }

  async #spring(pair: Pair): Promise<'pass' | 'drop'> {
    return (await this.#trap?.action({ cut: () => close(pair) })) ?? 'pass';
  }
}

function close({ client, database }: Pair): void {
  client.destroy();
  database.destroy();
}
