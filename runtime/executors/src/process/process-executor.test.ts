import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ExecutionReport, type ExecutionRequest, type Executor, SILENT_LOG } from '@optimus/domain';
import { describeExecutor } from '@optimus/domain/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProcessExecutor } from './process-executor.ts';
import { createProcessLogStore } from './process-log-store.ts';
import { spawnSupervisor } from './supervisor.ts';

const SHELL = ['/bin/sh', '-c', 'eval "$SCRIPT"'];
const images = { 'example/shell': SHELL };

describeExecutor('process', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'executor-'));
  const createExecutor = (): Executor => createProcessExecutor({ dataDir, images, log: SILENT_LOG });
  return {
    createExecutor,
    logs: createProcessLogStore({ dataDir }),
    image: 'example/shell:1.0',
    letGo: (attemptId) => writeFile(join(dataDir, 'attempts', attemptId, 'job', 'go'), ''),
    async drop() {
      await createExecutor().discardExcept(new Set());
      await rm(dataDir, { recursive: true, force: true });
    },
  };
});

describe('a process attempt', () => {
  let dataDir: string;
  let executor: Executor;
  let reports: ExecutionReport[];

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'executor-'));
    executor = create();
  });
  afterEach(async () => {
    await executor.stop();
    await create().discardExcept(new Set());
    await rm(dataDir, { recursive: true, force: true });
  });

  function create(): Executor {
    const created = createProcessExecutor({ dataDir, images, log: SILENT_LOG, livenessCheckMs: 100 });
    reports = [];
    created.onReport(async (report) => void reports.push(report));
    return created;
  }
  const toRequest = (script: string, overrides: Partial<ExecutionRequest> = {}): ExecutionRequest => ({
    attemptId: 'a1',
    fence: '1',
    image: 'example/shell',
    env: { SCRIPT: script },
    files: {},
    labels: {},
    ...overrides,
  });
  const folder = (): string => join(dataDir, 'attempts', 'a1');
  const log = (): string => readFileSync(join(dataDir, 'logs', 'a1.log'), 'utf8');
  const waitForLog = (text: string): Promise<void> => until(() => expect(log()).toContain(text));
  const waitForReport = (): Promise<void> =>
    vi.waitFor(() => expect(reports).toHaveLength(1), { timeout: 15_000, interval: 10 });
  const supervisorPid = (): number =>
    Number(readFileSync(join(folder(), 'supervisor'), 'utf8').split('\n')[0]);

  it('keeps files and secrets to its owner, and only until the report is recorded', async () => {
    await executor.start(
      toRequest('echo ready; sleep 0.2', { files: { '.secret': 'KEY=1', 'sub/a.sql': '' } }),
    );
    const modes = ['', 'job/in', 'job/in/sub', 'job/in/.secret', 'job/in/sub/a.sql'].map(
      (path) => statSync(join(folder(), path)).mode & 0o777,
    );
    expect(modes).toEqual([0o700, 0o700, 0o700, 0o600, 0o600]);
    await waitForReport();
    await until(() => expect(existsSync(folder())).toBe(false));
    expect(log()).toBe('ready\n');
  });

  it("sees nothing of the server's environment but paths, language and time zone", async () => {
    vi.stubEnv('OPTIMUS_SERVE_APP_KEY', 'the key');
    vi.stubEnv('TZ', 'Asia/Tokyo');
    await executor.start(
      toRequest('env | cut -d= -f1 | sort | tr "\\n" " "; echo; echo $TZ', { env: { SCRIPT: 'env' } }),
    );
    vi.unstubAllEnvs();
    await waitForReport();
    const names = log()
      .trim()
      .split('\n')
      .map((line) => line.split('=')[0]);
    expect(
      names.filter(
        (name) =>
          ![
            'PATH',
            'HOME',
            'LANG',
            'TMPDIR',
            'TZ',
            'PWD',
            'JOB_DIR',
            'SCRIPT',
            '_',
            'SHLVL',
            'OLDPWD',
          ].includes(name ?? ''),
      ),
    ).toEqual([]);
    expect(log()).toContain('TZ=Asia/Tokyo');
  });

  it('shows no value of its environment in the list of processes', async () => {
    await executor.start(
      toRequest('echo ready; sleep 5', { env: { SCRIPT: 'echo ready; sleep 5', KEY: 'hush-hush' } }),
    );
    await waitForLog('ready');
    const { stdout } = spawnSync('ps', ['-ww', '-eo', 'args'], { encoding: 'utf8' });
    expect(stdout).toContain('optimus-attempt');
    expect(stdout).not.toContain('hush-hush');
  });

  it('passes arguments as they are, without a shell', async () => {
    const argument = '$(touch /tmp/pwned) `id` "quoted" $HOME';
    executor = createProcessExecutor({
      dataDir,
      images: { 'example/echo': ['/bin/echo', argument] },
      log: SILENT_LOG,
    });
    executor.onReport(async (report) => void reports.push(report));
    await executor.start(toRequest('', { image: 'example/echo@sha256:abc' }));
    await waitForReport();
    expect(log()).toBe(`${argument}\n`);
  });

  it("leaves the task's variables alone, whatever their names", async () => {
    const env = { SCRIPT: 'echo "$dir $code $boot $1"', dir: 'a', code: 'b', boot: 'c' };
    await executor.start(toRequest('', { env }));
    await waitForReport();
    expect(log()).toBe('a b c \n');
  });

  it('takes with it what it left running', async () => {
    await executor.start(toRequest('sleep 60 & echo $!; exit 0'));
    await waitForReport();
    const pid = Number(log());
    await until(() => expect(isRunning(pid)).toBe(false));
  });

  it('is lost when its supervisor is killed, and does not live on without it', async () => {
    await executor.start(toRequest('echo $$; sleep 60'));
    await waitForLog('\n');
    process.kill(supervisorPid(), 'SIGKILL');
    await waitForReport();
    expect(reports[0]?.outcome).toMatchObject({ kind: 'lost' });
    await until(() => expect(isRunning(Number(log()))).toBe(false));
  });

  it('is gone when its supervisor was killed while nobody watched', async () => {
    await executor.start(toRequest('echo $$; sleep 60'));
    await waitForLog('\n');
    const [supervisor, task] = [supervisorPid(), Number(log())];
    await executor.stop();
    process.kill(supervisor, 'SIGKILL');
    await until(() => expect(isRunning(supervisor)).toBe(false));
    executor = create();
    expect(await executor.attach({ attemptId: 'a1', fence: '2' }, undefined)).toBe('gone');
    await until(() => expect(isRunning(task)).toBe(false));
  });

  it('is found lost when its supervisor is killed after the attempt was taken up', async () => {
    await executor.start(toRequest('echo ready; sleep 60'));
    await waitForLog('ready');
    await executor.stop();
    executor = create();
    expect(await executor.attach({ attemptId: 'a1', fence: '2' }, undefined)).toBe('attached');
    process.kill(supervisorPid(), 'SIGKILL');
    await waitForReport();
    expect(reports[0]).toMatchObject({ fence: '2', outcome: { kind: 'lost' } });
  });

  it('is not mistaken for another process that got its pid', async () => {
    await mkdir(join(folder(), 'job'), { recursive: true });
    await writeFile(join(folder(), 'supervisor'), `${process.pid}\nstat S ${'1 '.repeat(30)}\n\nend\n`);
    expect(await executor.attach({ attemptId: 'a1', fence: '2' }, undefined)).toBe('gone');
  });

  it.each(['', '0\nstat S\n\nend\n', '1\nstat S\n\nend\n', 'x\nps\n\nend\n', '4711\nstat S 1'])(
    'is gone when the record of its supervisor is damaged: %j',
    async (record) => {
      await mkdir(folder(), { recursive: true });
      await writeFile(join(folder(), 'supervisor'), record);
      expect(await executor.attach({ attemptId: 'a1', fence: '2' }, undefined)).toBe('gone');
    },
  );

  it('never starts once a server has given it up', async () => {
    // A server that died after it made the folder, and before the supervisor came to its first line.
    await mkdir(folder(), { recursive: true });
    await writeFile(join(folder(), 'supervisor'), 'abandoned\nend\n');
    const { child } = await spawnSupervisor({
      folder: folder(),
      command: ['/bin/sh', '-c', 'touch ran'],
      env: {},
      cwd: folder(),
      output: { fd: 1, endFile: 'exit' },
      cgroups: [],
    });
    await until(() => expect(child.exitCode).toBe(0));
    expect(readdirSync(folder())).toEqual(['supervisor']);
  });

  it('is given up when no supervisor has begun', async () => {
    await mkdir(folder(), { recursive: true });
    expect(await executor.attach({ attemptId: 'a1', fence: '2' }, undefined)).toBe('gone');
    expect(existsSync(folder())).toBe(false);
  });

  it('leaves alone what is none of its own', async () => {
    const strange = join(dataDir, 'attempts', '.DS_Store');
    await mkdir(join(dataDir, 'attempts'), { recursive: true });
    await writeFile(strange, '');
    await executor.discardExcept(new Set());
    expect(existsSync(strange)).toBe(true);
  });

  it('cannot be started when its folder cannot be made', async () => {
    await rm(dataDir, { recursive: true });
    await writeFile(dataDir, 'a file where the data directory should be');
    await expect(executor.start(toRequest('exit 0'))).rejects.toMatchObject({ code: 'EXECUTOR_FAILED' });
    await rm(dataDir);
  });

  it('cannot have a file outside its folder', async () => {
    const request = toRequest('exit 0', { files: { '../../escape': '' } });
    await expect(executor.start(request)).rejects.toThrow('has an empty, "." or ".." part');
    expect(existsSync(folder())).toBe(false);
  });
});

/** Waits with the patience that a busy machine needs. */
function until(check: () => void): Promise<void> {
  return vi.waitFor(check, { timeout: 15_000, interval: 10 });
}

function isRunning(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'state=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.startsWith('Z');
}
