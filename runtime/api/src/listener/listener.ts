import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { invariant, OptimusError, toErrorMessage } from '@optimus/domain';
import { sniffProtocol } from './protocol-sniffer.ts';

/** Where to listen and to whom to hand connections. */
export interface ListenerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly onRequest: RequestListener;
  /** Takes over a connection that speaks HTTP/2. */
  readonly onHttp2: (socket: Socket) => void;
  /** How long a new connection may take to say what it speaks, and an HTTP/1 request its headers. */
  readonly patienceMs?: number;
}

/** A host and port. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** One listening socket for HTTP/1 and HTTP/2. */
export class Listener {
  readonly #options: ListenerOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Those that have not said yet what they speak. */
  readonly #undecided = new Set<Socket>();

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#server = createHttpServer(options);
    this.#interceptConnections();
    this.#server.on('request', (_request, response) => {
      response.once('close', () => this.#closeIfStopping());
    });
  }

  /** @throws OptimusError `PRECONDITION_FAILED` when the address cannot be had */
  async listen(): Promise<Address> {
    const { host, port } = this.#options;
    try {
      this.#server.listen({ host, port });
      await once(this.#server, 'listening');
    } catch (thrown) {
      throw toListenError({ host, port }, thrown);
    }
    return toAddress(this.#server.address());
  }

  /** Refuses new connections, lets open ones end for at most `graceMs`, then cuts them. Resolves when none is left. */
  async close(graceMs: number): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    cut(this.#undecided);
    const grace = setTimeout(() => cut(this.#sockets), graceMs);
    await closed;
    clearTimeout(grace);
  }

  /** Closing ends the connections that are idle then; one that becomes so ends when its answer is out. */
  #closeIfStopping(): void {
    if (!this.#server.listening) this.#server.closeIdleConnections();
  }

  /**
   * Node's HTTP server owns the listening socket, so its deadlines and its closing hold; its own way of serving a connection runs
   * only for those that turn out to speak HTTP/1.
   */
  #interceptConnections(): void {
    const serveHttp1 = this.#server.listeners('connection');
    this.#server.removeAllListeners('connection');
    this.#server.on('connection', (socket: Socket) => {
      this.#track(socket);
      sniffProtocol(socket, this.#options.patienceMs ?? PATIENCE_MS, (protocol) => {
        this.#undecided.delete(socket);
        if (protocol === 'http2') return this.#handToHttp2(socket);
        for (const serve of serveHttp1) Reflect.apply(serve, this.#server, [socket]);
      });
    });
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket);
    this.#undecided.add(socket);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      this.#undecided.delete(socket);
    });
  }

  #handToHttp2(socket: Socket): void {
    // HTTP/1 may answer after the peer has ended its side; an HTTP/2 session ends as a whole.
    socket.allowHalfOpen = false;
    this.#options.onHttp2(socket);
  }
}

const PATIENCE_MS = 10_000;
/** An upload of the largest body over a slow line. */
const REQUEST_TIMEOUT_MS = 10 * 60_000;

function cut(sockets: Iterable<Socket>): void {
  for (const socket of sockets) socket.destroy();
}

function createHttpServer({ onRequest, patienceMs = PATIENCE_MS }: ListenerOptions): Server {
  const options = {
    noDelay: true,
    keepAlive: true,
    headersTimeout: patienceMs,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: 75_000,
    connectionsCheckingInterval: Math.min(patienceMs, 5_000),
    maxHeaderSize: 64 * 1024,
  };
  return createServer(options, onRequest);
}

function toAddress(address: AddressInfo | string | null): Address {
  invariant(typeof address === 'object' && address !== null, 'a TCP server has an address');
  return { host: address.address, port: address.port };
}

function toListenError({ host, port }: Address, thrown: unknown): OptimusError {
  const isTaken = thrown instanceof Error && 'code' in thrown && thrown.code === 'EADDRINUSE';
  return new OptimusError('PRECONDITION_FAILED', {
    message: isTaken
      ? `another program listens on ${host}:${port}`
      : `cannot listen on ${host}:${port}: ${toErrorMessage(thrown)}`,
    hint: 'stop that program, or choose another serve.port (0: any free one) or serve.host',
    fields: { host, port: String(port) },
    cause: thrown,
  });
}
