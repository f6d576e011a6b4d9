import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';

const executor = fileURLToPath(new URL('../executor/main.mjs', import.meta.url));
const day = { RANGE_START: '2022-09-18T00:00:00Z', RANGE_END: '2022-09-19T00:00:00Z' };
const answers = {
  context: JSON.stringify({ context: { envs: day, files: {}, secrets: {} } }),
  feed: JSON.stringify({ element_count: 0, near_earth_objects: { '2022-09-18': [] } }),
};
let server: Server;

afterEach(() => server.close());

/** A server whose answers to the first calls for a context are what a restart looks like. */
async function startServer(refusals: ((response: ServerResponse) => void)[]): Promise<string> {
  server = createServer((request, response) => {
    const isFeed = request.url?.startsWith('/neo/') ?? false;
    const refuse = isFeed ? undefined : refusals.shift();
    if (refuse) refuse(response);
    else response.end(isFeed ? answers.feed : answers.context);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}

test('waits for a server that is being started again', async () => {
  const host = await startServer([
    (response) => response.destroy(),
    (response) => response.destroy(),
    (response) => response.writeHead(503).end('{"message":"stopping"}'),
  ]);
  const env = {
    OPTIMUS_HOSTNAME: host,
    PROJECT: 'space',
    JOB_NAME: 'neo',
    SCHEDULED_AT: '2022-09-19T02:00:00Z',
    SECRET_KEY: '"key"',
    NEO_API_HOST: `http://${host}`,
  };
  const child = spawn(process.execPath, [executor], { env });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('total tracking: 0');
});
