import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** One call as it arrived. */
export interface RecordedCall {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A service that takes every call with 204, and remembers it. */
export interface RecordingService {
  /** `http://127.0.0.1:port`. */
  readonly origin: string;
  /** In the order of their arrival. */
  readonly calls: readonly RecordedCall[];
  readonly stop: () => void;
}

export async function startRecordingService(): Promise<RecordingService> {
  const calls: RecordedCall[] = [];
  const server = createServer((request, response) => {
    const { url = '', headers } = request;
    void text(request).then((body) => {
      calls.push({ path: url, headers, body });
      response.writeHead(204).end();
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
