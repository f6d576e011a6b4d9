import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FeedServer, startFeedServer } from '../../examples/neo/feed-server.ts';
import { runCommand } from '../e2e/stage/run-command.ts';
import { checkout } from '../e2e/stage/stage-folder.ts';
import { executorFolder, preparePython } from './python-environment.ts';

const environment = await preparePython();
const python = 'python' in environment ? environment.python : undefined;
const why = 'missing' in environment ? ` (skipped: there is no ${environment.missing})` : '';
const apiKey = 'key-for-both';

const programs = {
  python: [python ?? '', path.join(executorFolder, 'main.py')],
  node: [process.execPath, path.join(checkout, 'plugins/neo/executor/main.mjs')],
} as const;

describe.skipIf(python === undefined)(`the executor in JavaScript${why}`, () => {
  let feed: FeedServer;
  let context: ContextServer;

  beforeAll(async () => {
    [feed, context] = await Promise.all([startFeedServer({ apiKey }), startContextServer()]);
  });

  afterAll(async () => {
    await feed.stop();
    context.stop();
  });

  async function run(program: keyof typeof programs) {
    const env = {
      PATH: process.env['PATH'],
      NEO_API_HOST: feed.url,
      OPTIMUS_HOSTNAME: context.address,
      SCHEDULED_AT: '2022-09-19T02:00:00Z',
      PROJECT: 'space',
      JOB_NAME: 'is_last_day_on_earth',
      INSTANCE_NAME: 'neo',
      INSTANCE_TYPE: 'task',
      SECRET_KEY: JSON.stringify(apiKey),
    };
    return runCommand([...programs[program]], { cwd: checkout, env });
  }

  it.each([18, 19, 20, 21, 22, 23, 24, 25])(
    'prints the same bytes as the one in Python for 2022-09-%i',
    async (day) => {
      context.answerDay(`2022-09-${day}`);
      const [ofPython, ofNode] = await Promise.all([run('python'), run('node')]);
      expect(ofPython).toMatchObject({ code: 0, stderr: '' });
      expect(ofNode).toEqual(ofPython);
    },
  );
});

interface ContextServer {
  readonly address: string;
  /** The range that tasks are told from now on: one day, both ends. */
  answerDay(day: string): void;
  stop(): void;
}

/** The one call that an executor makes of the server. */
async function startContextServer(): Promise<ContextServer> {
  let day = '';
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({ context: { envs: { RANGE_START: day, RANGE_END: day }, files: {}, secrets: {} } }),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return {
    address: `127.0.0.1:${port}`,
    answerDay: (next) => {
      day = next;
    },
    stop,
  };
}
