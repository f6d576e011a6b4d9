import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mustRun } from './stage/neo-week.ts';
import { type Stage, setStage } from './stage/stage.ts';
import { waitUntil } from './stage/wait-until.ts';

describe('a job that waits for an endpoint', () => {
  let stage: Stage;
  let endpoint: Server;
  let isReady = false;

  beforeAll(async () => {
    endpoint = createServer(({ headers }, response) =>
      response.writeHead(isReady && headers['x-key'] === 's3cret-token' ? 200 : 503).end(),
    );
    await once(endpoint.listen(0, '127.0.0.1'), 'listening');
    stage = await setStage();
    await stage.configure({});
    await stage.startServer();
    const host = `127.0.0.1:${stage.port}`;
    await mustRun(stage, ['init', '--host', host, '--project-name', 'space', '--namespace', 'observatory']);
    await mustRun(stage, ['project', 'register', '--with-namespaces']);
    await mustRun(stage, ['secret', 'set', 'web_token', '-'], 's3cret-token');
    await createJob();
    await mustRun(stage, ['deploy']);
  });

  afterAll(async () => {
    endpoint.closeAllConnections();
    endpoint.close();
    await stage.clear();
  });

  async function createJob(): Promise<void> {
    const flags = ['--dir', 'day', '--name', 'day', '--owner', 'kush.sharma@example.io', '--task', 'shell'];
    const dates = ['--start-date', '2022-09-18', '--end-date', '2022-09-19', '--interval', '0 2 * * *'];
    await mustRun(stage, ['job', 'create', ...flags, ...dates, '--window', 'daily', '--catch-up']);
    const folder = path.join(stage.repository, 'observatory/jobs/day');
    await writeFile(path.join(folder, 'assets/script.sh'), 'true\n');
    const file = path.join(folder, 'job.yaml');
    const { port } = endpoint.address() as AddressInfo;
    const dependency = `dependencies:
  - http:
      name: landed
      url: http://127.0.0.1:${port}/files
      params: { day: "{{.DSTART}}" }
      headers: { X-Key: "{{.secret.web_token}}" }
`;
    const spec = await readFile(file, 'utf8');
    await writeFile(file, `${spec.replace(/^dependencies:.*\n/m, '')}${dependency}`);
  }

  const show = () => mustRun(stage, ['run', 'show', 'day']);

  it('says what it asks for and how that goes, without the secret', async () => {
    await waitUntil('the endpoint was asked', async () =>
      (await show().catch(() => '')).includes('lastOutcome: answered 503'),
    );
    const shown = await show();
    expect(shown).toContain('state: wait_upstream');
    expect(shown).toMatch(
      /probes:\n {2}- kind: http\n {4}name: landed\n {4}target: http:\/\/127.0.0.1:\d+\/files\n/,
    );
    expect(shown).not.toContain('s3cret-token');
    expect(await mustRun(stage, ['job', 'inspect', 'day'])).toMatch(
      /waits for:\n {2}http:\/\/127.0.0.1:\d+\/files: named under dependencies: has to answer 2xx/,
    );
  });

  it('runs as soon as the endpoint says so', async () => {
    isReady = true;
    await waitUntil('the run has ended', async () => (await show()).includes('state: success'));
    expect(await show()).not.toContain('probes:');
  });
});
