import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpClient } from './http-client.ts';
import { createOtherServers, type OtherServer } from './other-servers.ts';

const servers: Server[] = [];
const { signal } = new AbortController();
const key = { project: 'lake', job: 'raw' };

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A server that answers each path with JSON; any other with 404, as the API does. */
async function serve(
  name: string,
  answers: Readonly<Record<string, unknown>>,
  calls: IncomingMessage[] = [],
): Promise<OtherServer> {
  const server = createServer((request, response) => {
    calls.push(request);
    const answer = answers[(request.url ?? '').replace(/\?.*/, '')];
    if (answer === undefined) response.writeHead(404).end(JSON.stringify({ code: 5, message: 'not found' }));
    else response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  });
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return { name, host: `http://127.0.0.1:${port}/`, headers: { Authorization: 'Bearer hush' } };
}

function toJobs(job: object) {
  return { jobSpecificationResponses: [{ projectName: 'lake', job: { name: 'raw', ...job } }] };
}

const older = {
  version: 2,
  startDate: '2022-01-01',
  interval: '@hourly',
  windowSize: '1h',
  windowOffset: '0',
  windowTruncateTo: 'h',
};

describe('a job of another server', () => {
  it('is found at the first one that has it, with the headers of each', async () => {
    const calls: IncomingMessage[] = [];
    const one = await serve('one', { '/api/v1beta1/jobs': { jobSpecificationResponses: [] } }, calls);
    const two = await serve('two', { '/api/v1beta1/jobs': toJobs(older) }, calls);
    const others = createOtherServers([one, two], createHttpClient());
    expect(await others.findJob(key, signal)).toMatchObject({
      server: 'two',
      ...key,
      spec: {
        version: 2,
        schedule: { startDate: '2022-01-01', interval: '@hourly' },
        task: { window: { size: '1h', offset: '0', truncateTo: 'h' } },
      },
    });
    expect(calls.map(({ headers }) => headers.authorization)).toEqual(['Bearer hush', 'Bearer hush']);
    expect(calls[1]?.url).toContain('project_name=lake&job_name=raw');
  });

  it('is found by what it writes, at the first one that has such a job', async () => {
    const calls: IncomingMessage[] = [];
    const one = await serve('one', { '/api/v1beta1/jobs': { jobSpecificationResponses: [] } }, calls);
    const two = await serve('two', { '/api/v1beta1/jobs': toJobs(older) }, calls);
    const others = createOtherServers([one, two], createHttpClient());
    expect(await others.findWriter('bigquery://lake:d.raw', signal)).toMatchObject({ server: 'two', ...key });
    expect(calls[1]?.url).toContain('resource_destination=bigquery%3A%2F%2Flake%3Ad.raw');
    const alone = createOtherServers([one], createHttpClient());
    expect(await alone.findWriter('bigquery://lake:d.raw', signal)).toBeUndefined();
  });

  it('is looked for once when many runs ask at once for what it writes', async () => {
    const calls: IncomingMessage[] = [];
    const server = await serve('one', { '/api/v1beta1/jobs': { jobSpecificationResponses: [] } }, calls);
    const others = createOtherServers([server], createHttpClient());
    const asked = Array.from({ length: 1000 }, () => others.findWriter('bigquery://lake:d.raw', signal));
    expect(new Set(await Promise.all(asked))).toEqual(new Set([undefined]));
    await others.findWriter('bigquery://lake:d.raw', signal);
    expect(calls).toHaveLength(1);
  });

  it('has the window that its project gives a preset', async () => {
    const job = { version: 3, startDate: '2022-01-01', interval: '@daily', window: { preset: 'YESTERDAY' } };
    const preset = { size: '1d', truncateTo: 'd', shiftBy: '-1d', location: '' };
    const server = await serve('one', {
      '/api/v1beta1/jobs': toJobs(job),
      '/api/v1beta1/project/lake': { project: { presets: { yesterday: preset } } },
    });
    const found = await createOtherServers([server], createHttpClient()).findJob(key, signal);
    expect(found).toMatchObject({
      spec: { task: { window: { preset: 'yesterday' } } },
      presets: { yesterday: { size: '1d', truncateTo: 'd', shiftBy: '-1d' } },
    });
  });

  it('has the runs that its server tells', async () => {
    const jobRuns = [{ scheduledAt: '2022-09-18T08:00:00Z', state: 'success' }];
    const server = await serve('one', {
      '/api/v1beta1/jobs': toJobs(older),
      '/api/v1beta1/project/lake/job/raw/run': { jobRuns },
    });
    const others = createOtherServers([server], createHttpClient());
    const job = await others.findJob(key, signal);
    const at = new Date('2022-09-18T08:00:00Z');
    expect(job && (await others.listRuns(job, { first: at, last: at }, signal))).toEqual([
      { scheduledAt: at, state: 'success' },
    ]);
  });

  it('is nowhere when no server has it', async () => {
    const server = await serve('one', {});
    expect(await createOtherServers([server], createHttpClient()).findJob(key, signal)).toBeUndefined();
  });

  it('is not found in an answer that says nothing of jobs, and what is no JSON is told', async () => {
    const [empty, page] = [
      await serve('empty', { '/api/v1beta1/jobs': '[]' }),
      await serve('page', { '/api/v1beta1/jobs': '<html>' }),
    ];
    expect(await createOtherServers([empty], createHttpClient()).findJob(key, signal)).toBeUndefined();
    await expect(createOtherServers([page], createHttpClient()).findJob(key, signal)).rejects.toMatchObject({
      code: 'SERVER_UNREACHABLE',
      message: 'the server "page": answered what is no JSON',
    });
  });

  it('is not taken for missing by a 404 that is none of the API', async () => {
    const server = createServer((_, response) => response.writeHead(404).end('<h1>Not Found</h1>'));
    servers.push(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const others = createOtherServers(
      [{ name: 'gateway', host: `http://127.0.0.1:${port}`, headers: {} }],
      createHttpClient(),
    );
    await expect(others.findWriter('bigquery://lake:d.raw', signal)).rejects.toMatchObject({
      code: 'SERVER_UNREACHABLE',
      message: 'the server "gateway": answered 404',
    });
  });

  it('is told of a server that nobody reaches by its name, without its headers', async () => {
    const server = { name: 'one', host: 'http://127.0.0.1:1', headers: { Authorization: 'Bearer hush' } };
    const found = createOtherServers([server], createHttpClient()).findJob(key, signal);
    await expect(found).rejects.toMatchObject({
      code: 'SERVER_UNREACHABLE',
      message: expect.stringMatching(/^the server "one": (?!.*hush)/),
    });
  });
});
