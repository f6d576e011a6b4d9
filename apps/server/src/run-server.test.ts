import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTestDatabase } from '@optimus/store/testing';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { makeTemporaryFolder } from './testing/temporary-folder.ts';

const READY = /^optimus is ready on (127\.0\.0\.1:\d+) \(\d+\.\d s\)\n$/;

/** Within the time of a test, however busy the machine. */
const SOON = { timeout: 10_000 };

/** Has a process say which modules of packages it loads. */
const TELLING_MODULES = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  registerHooks({
    load(url, context, next) {
      const at = url.lastIndexOf('/node_modules/');
      if (at > 0) process.stderr.write('module ' + url.slice(at) + '\\n');
      return next(url, context);
    },
  });
`)}`;

function spawnServer(env: Record<string, string>) {
  const cwd = makeTemporaryFolder();
  const dataDir = join(cwd, 'data');
  const program = join(import.meta.dirname, 'testing', 'server-process.ts');
  const child = spawn(process.execPath, ['--conditions=source', program], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: cwd, OPTIMUS_HOME: dataDir, OPTIMUS_SERVE_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, dataDir, stdout: collect(child.stdout), stderr: collect(child.stderr) };
}

/** Fails with what it said when it ends before it is ready. */
async function awaitReady(server: ReturnType<typeof spawnServer>, timeout: number): Promise<void> {
  const ended = awaitExit(server.child).then(() => server.stderr());
  const ready = vi.waitFor(
    () => {
      expect(server.stdout()).toMatch(READY);
    },
    { timeout },
  );
  expect(await Promise.race([ready, ended])).toBeUndefined();
}

function collect(stream: ChildProcess['stdout']): () => string {
  let text = '';
  stream?.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  return () => text;
}

async function startServer(env: Record<string, string> = {}) {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const server = spawnServer({
    OPTIMUS_SERVE_DB_DSN: database.dsn,
    OPTIMUS_SERVE_APP_KEY: 'never-shown-'.repeat(4),
    ...env,
  });
  await awaitReady(server, 15_000);
  return { ...server, address: READY.exec(server.stdout())?.[1] ?? '' };
}

/** The first line of its lock file is its pid, wherever the cluster lies. */
async function findPostmaster(dataDir: string): Promise<number> {
  const files = await readdir(join(dataDir, 'postgres'), { recursive: true });
  const file = files.find((name) => name.endsWith('postmaster.pid')) ?? '';
  return Number((await readFile(join(dataDir, 'postgres', file), 'utf8')).split('\n')[0]);
}

async function awaitExit(child: ChildProcess): Promise<number | NodeJS.Signals | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.signalCode ?? child.exitCode;
}

describe('a server process', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('says when it is ready, and ends with 0 on %s', async (signal) => {
    const { child, dataDir, address } = await startServer();
    expect(await (await fetch(`http://${address}/ping`)).text()).toBe('pong');
    child.kill(signal);
    expect(await awaitExit(child)).toBe(0);
    expect(existsSync(join(dataDir, 'server.json'))).toBe(false);
  });

  it('logs the configuration without its secrets, and nothing to standard output', async () => {
    const { stderr, stdout, child } = await startServer({ OPTIMUS_SERVE_AUTH_TOKENS: 'never-shown-token' });
    expect(stderr()).toContain('"msg":"the configuration in effect"');
    child.kill('SIGTERM');
    await awaitExit(child);
    expect(stderr()).not.toContain('never-shown');
    expect(stdout()).toMatch(READY);
  });

  it('warns of variables that look like keys', async () => {
    const { stderr } = await startServer({ OPTIMUS_LOG_LEVLE: 'debug' });
    expect(stderr()).toMatch(/OPTIMUS_LOG_LEVLE is no key .*OPTIMUS_LOG_LEVEL/);
  });

  it.each([
    ['nothing of OpenTelemetry', 'without a collector', {}, false],
    ['it', 'with one', { OPTIMUS_TELEMETRY_OTLP_ENDPOINT: 'http://127.0.0.1:9' }, true],
  ])('loads %s %s', async (_what, _when, env, isLoaded) => {
    const { stderr } = await startServer({ NODE_OPTIONS: `--import=${TELLING_MODULES}`, ...env });
    expect(stderr()).toContain('module /node_modules/prom-client/');
    expect(stderr().includes('module /node_modules/@opentelemetry/sdk-trace/')).toBe(isLoaded);
    expect(stderr().includes('module /node_modules/@opentelemetry/exporter')).toBe(isLoaded);
  });

  it('ends at once on a second signal', async () => {
    const { child, address, stderr } = await startServer();
    const hanging = fetch(`http://${address}/api/v1/version`, {
      method: 'POST',
      duplex: 'half',
      headers: { 'content-type': 'application/json' },
      body: new ReadableStream({ start: (controller) => controller.enqueue(Buffer.from('{')) }),
    } as RequestInit).catch(() => undefined);
    // A scrape asks the database, which takes seconds on a busy machine.
    await vi.waitFor(
      async () =>
        expect(await (await fetch(`http://${address}/metrics`)).text()).toMatch(/in_flight\{.*Version"\} 1/),
      SOON,
    );
    child.kill('SIGTERM');
    await vi.waitFor(() => expect(stderr()).toContain('stopping on SIGTERM'), SOON);
    child.kill('SIGINT');
    expect(await awaitExit(child)).toBe(130);
    await hanging;
  });

  // Making a database takes a busy machine long.
  it('ends with 1 when its embedded database dies, and says so', { timeout: 60_000 }, async () => {
    const server = spawnServer({});
    await awaitReady(server, 50_000);
    process.kill(await findPostmaster(server.dataDir), 'SIGKILL');
    expect(await awaitExit(server.child)).toBe(1);
    expect(server.stderr()).toMatch(/DATABASE_UNAVAILABLE|the embedded database server/);
  });

  it('tells what is wrong with its configuration and ends with 1', async () => {
    const { child, stderr } = spawnServer({ OPTIMUS_SERVE_HOST: '0.0.0.0' });
    expect(await awaitExit(child)).toBe(1);
    expect(stderr()).toMatch(/OPTIMUS_SERVE_HOST: serve\.host: 0\.0\.0\.0 is reached by other machines/);
  });
});
