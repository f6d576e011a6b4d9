import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { parseArgs } from 'node:util';
import { answerFeed, type Feed, type FeedAnswer } from './feed/answer-feed.ts';
import { readRecording } from './feed/feed-recording.ts';

/** A running feed. */
export interface FeedServer {
  /** `http://127.0.0.1:<port>`, without a path. */
  readonly url: string;
  /** Ends open connections too. Safe to call twice. */
  stop(): Promise<void>;
}

const feedPath = '/neo/rest/v1/feed';

/** Plays NASA's near-Earth object feed on the loopback from the recorded week. Port 0 takes a free one. */
export async function startFeedServer(options: {
  readonly apiKey: string;
  readonly port?: number;
}): Promise<FeedServer> {
  const feed = { recording: await readRecording(), apiKey: options.apiKey };
  const server = createServer((request, response) => send(response, answer(feed, request)));
  await listen(server, options.port ?? 0);
  return { url: toUrl(server), stop: () => stopServer(server) };
}

function answer(feed: Feed, request: IncomingMessage): FeedAnswer {
  const url = new URL(request.url ?? '/', 'http://feed.invalid');
  if (url.pathname !== feedPath) return { status: 404, body: { error: `there is only ${feedPath}` } };
  if (request.method !== 'GET') return { status: 405, body: { error: 'the feed is only read' } };
  return answerFeed(feed, url.searchParams);
}

function send(response: ServerResponse, { status, body }: FeedAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}

function toUrl(server: Server): string {
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return `http://127.0.0.1:${port}`;
}

function stopServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // The error of a server that is stopped already says nothing new.
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      'api-key': { type: 'string', default: 'DEMO_KEY' },
    },
  });
  const server = await startFeedServer({ apiKey: values['api-key'], port: Number(values.port) });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.stop());
  process.stdout.write(`the feed is ready on ${server.url}\n`);
}

if (import.meta.main) await main();
