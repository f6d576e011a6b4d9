import { setTimeout as delay } from 'node:timers/promises';
import { type Change, type ChangeFeed, type Log, toErrorMessage } from '@optimus/domain';
import { Client } from 'pg';
import { type DatabaseConnection, toClientConfig } from '../database/connection-pool.ts';
import { toStoreError } from '../database/database-error.ts';
import { CHANGE_CHANNEL, parseChange } from './change-notice.ts';

type Listener = Parameters<ChangeFeed['subscribe']>[0];

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5_000;

/**
 * The change feed over `LISTEN`: one connection of its own, made again whenever it breaks. After a break it says `resync`, for
 * what was announced meanwhile is gone.
 */
export class ChangeListener implements ChangeFeed {
  readonly #connection: DatabaseConnection;
  readonly #log: Log;
  readonly #listeners = new Set<Listener>();
  readonly #pings = new Map<string, () => void>();
  readonly #stopping = new AbortController();
  #client: Client | undefined;
  #broken: Promise<void> = Promise.resolve();
  #watching: Promise<void> = Promise.resolve();

  constructor(connection: DatabaseConnection, log: Log) {
    this.#connection = connection;
    this.#log = log;
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Resolves when the payload is heard, or after a time with false. */
  async hear(payload: string, maxWaitMs: number): Promise<boolean> {
    const heard = Promise.withResolvers<boolean>();
    this.#pings.set(payload, () => heard.resolve(true));
    const timer = setTimeout(() => heard.resolve(false), maxWaitMs);
    const isHeard = await heard.promise;
    clearTimeout(timer);
    this.#pings.delete(payload);
    return isHeard;
  }

  /** Resolves once changes are heard. @throws OptimusError `DATABASE_UNAVAILABLE` */
  async start(): Promise<void> {
    await this.#connect();
    this.#watching = this.#watch();
  }

  /** Safe to call twice or unstarted. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#client?.end().catch(() => undefined);
    await this.#watching;
  }

  async #watch(): Promise<void> {
    for (;;) {
      await this.#broken;
      if (this.#stopping.signal.aborted) return;
      this.#log.warn('the connection for change notices broke; making it again');
      await this.#reconnect();
    }
  }

  async #reconnect(): Promise<void> {
    const { signal } = this.#stopping;
    for (let pauseMs = FIRST_PAUSE_MS; !signal.aborted; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        await this.#connect();
        return this.#tell({ topic: 'resync' });
      } catch (thrown) {
        this.#log.warn('no connection for change notices yet', { error: toErrorMessage(thrown) });
        await delay(pauseMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async #connect(): Promise<void> {
    const client = new Client(toClientConfig(this.#connection));
    const broken = new Promise<void>((resolve) => void client.once('end', resolve));
    // The end follows every error.
    client.on('error', () => undefined);
    client.on('notification', ({ payload }) => this.#hear(payload ?? ''));
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANGE_CHANNEL}`);
    } catch (thrown) {
      await client.end().catch(() => undefined);
      throw toStoreError(thrown);
    }
    this.#client = client;
    this.#broken = broken;
    if (this.#stopping.signal.aborted) await client.end();
  }

  #hear(payload: string): void {
    this.#pings.get(payload)?.();
    const change = parseChange(payload);
    if (change) this.#tell(change);
  }

  #tell(change: Change | { readonly topic: 'resync' }): void {
    for (const listener of this.#listeners) {
      try {
        listener(change);
      } catch (thrown) {
        this.#log.error('a listener failed on a change', {
          topic: change.topic,
          error: toErrorMessage(thrown),
        });
      }
    }
  }
}
