import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** One request that reached the service. */
export interface ReceivedCall {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** How the service answers one call. */
export type Answer = (response: ServerResponse, call: ReceivedCall) => void;

/** A service of somebody else, which answers what the test tells it to. */
export interface CalledService {
  /** `http://127.0.0.1:port`. */
  readonly origin: string;
  readonly calls: readonly ReceivedCall[];
  readonly stop: () => void;
}

/** Starts a service that gives these answers in their order, and then the last one for ever. */
export async function startCalledService(...answers: readonly Answer[]): Promise<CalledService> {
  const calls: ReceivedCall[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { method = '', url: path = '', headers } = request;
      const call = { method, path, headers, body };
      const answer = answers[Math.min(calls.push(call), answers.length) - 1];
      answer?.(response, call);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { origin: `http://127.0.0.1:${port}`, calls, stop };
}

/** An answer with a status, a body and headers. */
export function status(code: number, headers: Readonly<Record<string, string>> = {}, body = ''): Answer {
  return (response) => response.writeHead(code, headers).end(body);
}

/** No answer at all: the connection ends. */
export function hangUp(response: ServerResponse): void {
  response.destroy();
}

/** An answer that never comes. */
export function keepSilent(): void {}
