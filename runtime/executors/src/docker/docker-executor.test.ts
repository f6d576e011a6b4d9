import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ExecutionReport, type ExecutionRequest, type Executor, SILENT_LOG } from '@optimus/domain';
import { describeExecutor } from '@optimus/domain/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProcessLogStore } from '../process/process-log-store.ts';
import { type ContainerEngine, startContainerEngine } from '../testing/container-engine.ts';
import { toContainer, toContainerName } from './container-request.ts';
import { createDockerExecutor, type DockerExecutorOptions } from './docker-executor.ts';
import { connectEngine } from './engine.ts';

const engine = await startContainerEngine();
const isMissing = 'missing' in engine;
const why = isMissing ? ` (skipped: there is no ${engine.missing})` : '';
const image = 'localhost/example/shell:1.0';
const userImage = 'localhost/example/shell-of-a-user:1.0';
const owner = { database: 'd1', host: 'h1' };

const inTwoPipes =
  'an engine reads output and errors from two pipes: what is written to both within a moment may change places';

describe.skipIf(isMissing)(`containers${why}`, () => {
  const podman = bind(engine);

  beforeAll(async () => {
    const programs = {
      '/bin/sh': '/bin/sh',
      '/bin/sleep': '/bin/sleep',
      '/bin/cat': '/bin/cat',
      '/bin/ls': '/bin/ls',
    };
    const changes = ['ENTRYPOINT ["/bin/sh", "-c", "eval \\"$SCRIPT\\""]'];
    await podman.importImage(image, { programs, changes });
    await podman.importImage(userImage, { programs, changes: [...changes, 'USER node'] });
  });
  afterAll(() => podman.stop());

  const create = (dataDir: string, options: Partial<DockerExecutorOptions> = {}): Executor =>
    createDockerExecutor({
      dataDir,
      owner,
      engine: podman.address,
      network: 'host',
      pullPolicy: 'never',
      credentials: {},
      log: SILENT_LOG,
      ...options,
    });

  describeExecutor(
    'docker',
    async () => {
      const dataDir = await mkdtemp(join(tmpdir(), 'executor-'));
      return {
        createExecutor: () => create(dataDir),
        logs: createProcessLogStore({ dataDir }),
        image,
        async awaitEnd(attemptId) {
          const client = await connectEngine(podman.address);
          await client.getContainer(toContainerName(owner, attemptId)).wait();
        },
        async letGo(attemptId) {
          const client = await connectEngine(podman.address);
          await client.getContainer(toContainerName(owner, attemptId)).kill({ signal: 'SIGUSR1' });
        },
        async drop() {
          await create(dataDir).discardExcept(new Set());
          await rm(dataDir, { recursive: true, force: true });
        },
      };
    },
    { 'captures output and errors in the order written': inTwoPipes },
  );

  describe('an attempt', () => {
    let dataDir: string;
    let executor: Executor;
    let reports: ExecutionReport[];

    beforeEach(async () => {
      dataDir = await mkdtemp(join(tmpdir(), 'executor-'));
      executor = watched(create(dataDir));
    });
    afterEach(async () => {
      await executor.stop();
      await create(dataDir).discardExcept(new Set());
      await rm(dataDir, { recursive: true, force: true });
    });

    function watched(created: Executor): Executor {
      reports = [];
      created.onReport(async (report) => void reports.push(report));
      return created;
    }
    const toRequest = (script: string, overrides: Partial<ExecutionRequest> = {}): ExecutionRequest => ({
      attemptId: 'a1',
      fence: '1',
      image,
      env: { SCRIPT: script },
      files: {},
      labels: {},
      ...overrides,
    });
    const log = (): Promise<string> => readFile(join(dataDir, 'logs', 'a1.log'), 'utf8');
    const waitForLog = (text: string) => until(async () => expect(await log()).toContain(text));
    const waitForReport = () => until(() => expect(reports).toHaveLength(1));

    it("gives files to the image's user alone, the secret of the plugin where it looks for it", async () => {
      const files = { '.secret': 'KEY=1', 'deep/er/a.sql': 'select' };
      const script =
        'ls -ln "$JOB_DIR/in/.secret" "$JOB_DIR/in/deep/er/a.sql" /opt/key/auth.json; cat /opt/key/auth.json';
      const secretFile = { path: '/opt/key/auth.json', text: '{"a":1}' };
      await executor.start(toRequest(script, { image: userImage, files, secretFile }));
      await waitForReport();
      const lines = (await log()).split('\n');
      expect(lines.slice(0, 3).map((line) => line.split(/ +/).slice(0, 4))).toEqual([
        ['-rw-------', '1', '1000', '1001'],
        ['-rw-------', '1', '1000', '1001'],
        ['-rw-------', '1', '1000', '1001'],
      ]);
      expect(lines[3]).toBe('{"a":1}');
    });

    it('may write beside its files, as one that fetches its context does', async () => {
      await executor.start(toRequest('echo x > "$JOB_DIR/in/.env" && echo written', { image: userImage }));
      await waitForReport();
      expect(await log()).toBe('written\n');
    });

    it("runs the plugin's script in place of the image's own", async () => {
      const entrypoint = { shell: '/bin/sh', script: 'echo "from the $0 of $GREETING"; exit 4' };
      await executor.start(toRequest('exit 1', { entrypoint, env: { GREETING: 'the plugin' } }));
      await waitForReport();
      expect(reports[0]?.outcome).toEqual({ kind: 'exited', exitCode: 4 });
      expect(await log()).toBe('from the /bin/sh of the plugin\n');
    });

    it('shows no secret, also when it is taken up by another server in the middle of its output', async () => {
      const env = { SCRIPT: 'echo "1 $KEY"; sleep 0.5; echo "2 $KEY"; sleep 0.3', KEY: 'hush-hush' };
      await executor.start(toRequest('', { env, secrets: ['hush-hush'] }));
      await waitForLog('1 ***');
      await executor.stop();
      executor = watched(create(dataDir));
      expect(await executor.attach({ attemptId: 'a1', fence: '2' }, undefined)).toBe('attached');
      await waitForReport();
      expect(await log()).toBe('1 ***\n2 ***\n');
    });

    it('leaves out the middle of what is too long', async () => {
      executor = watched(create(dataDir, { maxLogBytes: 1000 }));
      const script = 'i=0; while [ $i -lt 8000 ]; do echo "line $i"; i=$((i+1)); done';
      await executor.start(toRequest(script, {}));
      await waitForReport();
      const text = await log();
      expect(text.length).toBeLessThan(70_000);
      expect(text).toMatch(/^line 0\n/);
      expect(text).toMatch(/line 7999\n$/);
    });

    it('goes on while the engine restarts, and its end is told', async () => {
      await executor.start(toRequest('echo ready; sleep 1; echo done; exit 5'));
      await waitForLog('ready');
      await podman.pause();
      await podman.resume();
      await waitForReport();
      expect(reports[0]?.outcome).toEqual({ kind: 'exited', exitCode: 5 });
      expect(await log()).toBe('ready\ndone\n');
    });

    it('ended when the engine says that its container did, however late a server asks', async () => {
      await executor.start(toRequest('exit 6'));
      await executor.stop();
      const container = (await connectEngine(podman.address)).getContainer(toContainerName(owner, 'a1'));
      await container.wait();
      const { FinishedAt } = (await container.inspect()).State;
      executor = watched(create(dataDir));
      await executor.attach({ attemptId: 'a1', fence: '2' }, undefined);
      await waitForReport();
      expect(reports[0]?.endedAt).toEqual(new Date(FinishedAt));
    });

    it('is lost when its container is removed by hand', async () => {
      await executor.start(toRequest('echo ready; sleep 60'));
      await waitForLog('ready');
      const client = await connectEngine(podman.address);
      await client.getContainer(toContainerName(owner, 'a1')).remove({ force: true });
      await waitForReport();
      expect(['lost', 'signaled']).toContain(reports[0]?.outcome.kind);
    });

    it('is not cleared away by a server of another host or another database', async () => {
      await executor.start(toRequest('echo ready; sleep 1; exit 6'));
      const elsewhere = await mkdtemp(join(tmpdir(), 'executor-'));
      for (const other of [
        { ...owner, host: 'h2' },
        { ...owner, database: 'd2' },
      ]) {
        await create(elsewhere, { owner: other }).discardExcept(new Set());
      }
      await rm(elsewhere, { recursive: true });
      await waitForReport();
      expect(reports[0]?.outcome).toEqual({ kind: 'exited', exitCode: 6 });
    });

    it('is given up when a server died before its container ran', async () => {
      const client = await connectEngine(podman.address);
      await client.createContainer(
        toContainer(toRequest('exit 0'), owner, { network: 'host', maxLogBytes: 1000 }),
      );
      expect(await executor.attach({ attemptId: 'a1', fence: '2' }, undefined)).toBe('gone');
      expect(await podman.listContainers()).toEqual([]);
    });

    it.each([
      [{ files: { '../../escape': '' } }, 'has an empty, "." or ".." part'],
      [{ secretFile: { path: 'key.json', text: '' } }, 'no absolute path'],
      [{ resources: { request: { cpu: 'much', memory: '' }, limit: { cpu: '', memory: '' } } }, '250m'],
    ])('cannot be started with %j, and leaves nothing', async (overrides, problem) => {
      const started = executor.start(toRequest('exit 0', overrides));
      await expect(started).rejects.toMatchObject({ code: 'EXECUTOR_FAILED' });
      const thrown = await started.catch((problemOfStart: unknown) => problemOfStart);
      expect(JSON.stringify(thrown) + String(thrown)).toContain(problem);
      expect(await podman.listContainers()).toEqual([]);
    });

    it('is given up when it is called off while a registry does not answer', async () => {
      const registry = createServer().listen(0, '127.0.0.1');
      const asked = once(registry, 'connection');
      await once(registry, 'listening');
      executor = watched(create(dataDir, { pullPolicy: 'if-not-present' }));
      const calledOff = new AbortController();
      const address = `127.0.0.1:${(registry.address() as AddressInfo).port}`;
      const started = executor.start(
        toRequest('', { image: `${address}/example/shell:1.0` }),
        calledOff.signal,
      );
      const [connection] = await asked;
      calledOff.abort();
      await expect(started).rejects.toMatchObject({ code: 'EXECUTOR_FAILED' });
      expect(await podman.listContainers()).toEqual([]);
      connection.destroy();
      registry.close();
    });

    it('cannot be started without an engine, which the error names', async () => {
      const engineless = create(dataDir, { engine: 'unix:///nowhere/engine.sock' });
      await expect(engineless.start(toRequest('exit 0'))).rejects.toMatchObject({ code: 'EXECUTOR_FAILED' });
      await expect(engineless.discardExcept(new Set())).rejects.toThrow(
        'the container engine does not answer',
      );
    });
  });
});

/** Waits with the patience that a busy machine needs. */
function until(check: () => void | Promise<void>): Promise<void> {
  return vi.waitFor(check, { timeout: 18_000, interval: 20 });
}

function bind(found: ContainerEngine | { readonly missing: string }): ContainerEngine {
  return found as ContainerEngine;
}
