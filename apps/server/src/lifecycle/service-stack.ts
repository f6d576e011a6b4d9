import type { Log, Service } from '@optimus/domain';

/** Services that run, in the order in which they were started; they stop in reverse. */
export class ServiceStack {
  readonly #log: Log;
  readonly #signal: AbortSignal;
  readonly #running: Pick<Service, 'name' | 'stop'>[] = [];

  /** @param signal aborts the start that is under way, and every further one */
  constructor(log: Log, signal: AbortSignal) {
    this.#log = log;
    this.#signal = signal;
  }

  /** Starts the service and answers it. One whose start failed is stopped as well: it may hold something. */
  async start<S extends Service>(service: S): Promise<S> {
    this.#signal.throwIfAborted();
    const startedAt = performance.now();
    this.#running.push(service);
    await service.start(this.#signal);
    const ms = Math.round(performance.now() - startedAt);
    this.#log.debug(`${service.name} is ready`, { ms });
    return service;
  }

  /** Takes charge of something that runs already. */
  hold(name: string, stop: () => Promise<void>): void {
    this.#running.push({ name, stop });
  }

  /** Stops everything, whatever fails. Safe to call twice. */
  async stop(): Promise<void> {
    for (let service = this.#running.pop(); service; service = this.#running.pop()) {
      const { name } = service;
      await service.stop().then(
        () => this.#log.debug(`${name} is stopped`),
        (error: unknown) => this.#log.error(`${name} did not stop well`, { error }),
      );
    }
  }
}
