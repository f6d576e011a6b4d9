import type { Log, Service } from '@optimus/domain';
import type { Registry } from 'prom-client';
import type { ApiDeps } from './api-deps.ts';
import { type Authenticator, OPEN_ACCESS } from './call/authenticator.ts';
import { createCallMetrics, createListenerGauge } from './call/call-metrics.ts';
import { CallRunner } from './call/call-runner.ts';
import { createGrpcServer, type GrpcServer, MAX_MESSAGE_BYTES } from './grpc/grpc-server.ts';
import { type Address, Listener } from './listener/listener.ts';
import { createPages } from './rest/page.ts';
import { createRestHandler } from './rest/rest-handler.ts';
import { RouteTable } from './rest/route-table.ts';
import { RunChangeHub } from './run-changes/run-change-hub.ts';
import { bindServices } from './services/index.ts';

/** What the API is made of. */
export interface ApiOptions {
  readonly deps: ApiDeps;
  /** Default: everybody is admitted. */
  readonly auth?: Authenticator;
  readonly log: Log;
  /** The server's version, as `Version` answers it. */
  readonly version: string;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Where the API's metrics are registered; `/metrics` shows all of it. */
  readonly metrics: Registry;
  /** How long calls in flight may go on when the API stops. Default 10 s. */
  readonly stopGraceMs?: number;
  /** How long a peer may take to say what it speaks. Default 10 s. */
  readonly patienceMs?: number;
}

/** gRPC and REST on one port. */
export interface Api extends Service {
  /** Where it listens, once started. */
  address(): Address | undefined;
}

/** Composes the API; nothing listens before `start`. */
export function createApi(options: ApiOptions): Api {
  return new OnePortApi(options);
}

class OnePortApi implements Api {
  readonly name = 'api';
  readonly #stopGraceMs: number;
  readonly #stopping = new AbortController();
  readonly #grpc: GrpcServer;
  readonly #listener: Listener;
  #address: Address | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: ApiOptions) {
    const { auth = OPEN_ACCESS, log, metrics } = options;
    this.#stopGraceMs = options.stopGraceMs ?? 10_000;
    const { runChanges: store, changes: feed } = options.deps;
    const hub = new RunChangeHub({ store, feed, log, onCount: createListenerGauge(metrics) });
    const methods = bindServices(options.deps, hub, options.version);
    const runner = new CallRunner({
      auth,
      log,
      metrics: createCallMetrics(metrics),
      stopping: this.#stopping.signal,
    });
    this.#grpc = createGrpcServer(methods, runner);
    const onRequest = createRestHandler({
      routes: new RouteTable(methods),
      runner,
      pages: createPages(auth, metrics),
      maxBodyBytes: MAX_MESSAGE_BYTES,
      log,
    });
    const { host, port, patienceMs } = options;
    this.#listener = new Listener({
      host,
      port,
      onRequest,
      onHttp2: (socket) => this.#grpc.accept(socket),
      ...(patienceMs === undefined ? {} : { patienceMs }),
    });
  }

  address(): Address | undefined {
    return this.#address;
  }

  async start(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.#address = await this.#listener.listen();
  }

  /** Refuses new connections, ends followers at once, lets other calls in flight end within the grace, then cuts them. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#stopping.abort();
    const closed = this.#listener.close(this.#stopGraceMs);
    this.#grpc.drain(this.#stopGraceMs);
    await closed;
    this.#grpc.destroy();
  }
}
