import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { answerFeed, type Feed } from '../../../examples/neo/feed/answer-feed.ts';
import { readRecording } from '../../../examples/neo/feed/feed-recording.ts';
import { waitUntil } from './wait-until.ts';

/** NASA's feed behind a gate: a task that asks waits until the gate lets it pass, so a test decides where "the middle" is. */
export interface GatedFeed {
  readonly url: string;
  /** The first day of every request so far, in order of arrival: each task asks once. */
  asked(): readonly string[];
  /** Resolves when so many requests wait at the gate. */
  awaitWaiting(count: number): Promise<void>;
  /** Lets the first `count` waiting requests pass. */
  letPass(count: number): void;
  /** Lets everything pass from now on. */
  open(): void;
  stop(): Promise<void>;
}

interface Waiting {
  readonly query: URLSearchParams;
  readonly response: ServerResponse;
}

export async function startGatedFeed(apiKey: string): Promise<GatedFeed> {
  const feed = { recording: await readRecording(), apiKey };
  const gate = createGate(feed);
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://feed.invalid');
    gate.arrive({ query: searchParams, response });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const stop = async () => {
    gate.open();
    server.close();
    server.closeAllConnections();
  };
  return { ...gate, url: `http://127.0.0.1:${port}`, stop };
}

function createGate(feed: Feed) {
  const asked: string[] = [];
  const waiting: Waiting[] = [];
  let isOpen = false;
  const letPass = (count: number) => {
    for (const one of waiting.splice(0, count)) send(feed, one);
  };
  return {
    asked: () => asked.toSorted(),
    awaitWaiting: (count: number) =>
      waitUntil(`${count} tasks wait at the gate`, () => waiting.length >= count),
    letPass,
    open() {
      isOpen = true;
      letPass(waiting.length);
    },
    arrive(one: Waiting) {
      asked.push(one.query.get('start_date')?.slice(0, 10) ?? '');
      waiting.push(one);
      if (isOpen) letPass(waiting.length);
    },
  };
}

function send(feed: Feed, { query, response }: Waiting): void {
  const { status, body } = answerFeed(feed, query);
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
