import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ExecutionReport, type Executor, SILENT_LOG } from '@optimus/domain';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProcessExecutor, type ProcessExecutorOptions } from '../process-executor.ts';

const images = { 'example/shell': ['/bin/sh', '-c', 'eval "$SCRIPT"'] };

describe('the process that starts tasks', () => {
  let dataDir: string;
  let executor: Executor;
  let reports: ExecutionReport[];

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'launcher-'));
    reports = [];
    executor = create({});
  });
  afterEach(async () => {
    await executor.stop();
    await create({}).discardExcept(new Set());
    await rm(dataDir, { recursive: true, force: true });
  });

  function create(options: Partial<ProcessExecutorOptions>): Executor {
    const created = createProcessExecutor({
      dataDir,
      images,
      log: SILENT_LOG,
      livenessCheckMs: 100,
      ...options,
    });
    created.onReport(async (report) => void reports.push(report));
    return created;
  }
  const start = (attemptId: string, script: string) =>
    executor.start({
      attemptId,
      fence: '1',
      image: 'example/shell',
      env: { SCRIPT: script },
      files: {},
      labels: {},
    });
  const listEnded = () => Object.fromEntries(reports.map(({ attemptId, outcome }) => [attemptId, outcome]));
  const success = { kind: 'exited', exitCode: 0 };
  const gate = () => join(dataDir, 'gate');
  const waiting = () => `while [ ! -e ${gate()} ]; do sleep 0.02; done`;

  it('may be killed: what it has started goes on, and so do starts', async () => {
    await start('before', waiting());
    const [launcher = 0] = findLaunchers();
    killLaunchers();
    await until(() => expect(isAlive(launcher)).toBe(false));
    await start('after', waiting());
    writeFileSync(gate(), '');
    await until(() => expect(listEnded()).toEqual({ after: success, before: success }));
  });

  it('ends no task that ended while it was gone twice, and none unseen', async () => {
    await start('one', waiting());
    killLaunchers();
    writeFileSync(gate(), '');
    await until(() => expect(listEnded()).toEqual({ one: success }));
    await until(() => expect(existsSync(join(dataDir, 'attempts', 'one'))).toBe(false));
    expect(reports).toHaveLength(1);
  });

  it('that is killed over starts has each task run once, or tells that it is lost', async () => {
    const trace = join(dataDir, 'trace');
    const ids = Array.from({ length: 12 }, (_, index) => `a${index}`);
    for (const [index, id] of ids.entries()) {
      const started = start(id, `echo ${id} >> ${trace}`);
      if (index % 2 === 0) await started;
      if (index % 3 === 1) killLaunchers();
    }
    await until(() => expect(reports.map(({ attemptId }) => attemptId).toSorted()).toEqual(ids.toSorted()));
    const ran = reports.filter(({ outcome }) => outcome.kind === 'exited');
    expect(reports.filter((report) => !ran.includes(report)).map(({ outcome }) => outcome.kind)).toEqual(
      reports.slice(ran.length).map(() => 'lost'),
    );
    const traced = readFileSync(trace, 'utf8').trim().split('\n');
    expect(traced.toSorted()).toEqual(ran.map(({ attemptId }) => attemptId).toSorted());
  });

  it('may be there before the first task, and is the one that starts it', async () => {
    executor.warmUp?.();
    const [launcher] = findLaunchers();
    await start('one', 'exit 0');
    expect(findLaunchers()).toEqual([launcher]);
    await until(() => expect(listEnded()).toEqual({ one: success }));
  });

  it('ends with its server, and takes no task with it', async () => {
    await start('one', waiting());
    const [launcher = 0] = findLaunchers();
    await executor.stop();
    await until(() => expect(isAlive(launcher)).toBe(false));
    executor = create({});
    expect(await executor.attach({ attemptId: 'one', fence: '2' }, undefined)).toBe('attached');
    writeFileSync(gate(), '');
    await until(() => expect(listEnded()).toEqual({ one: success }));
  });

  it('that cannot be started is an error of the start', async () => {
    executor = create({ launcher: ['/no/such/program'] });
    await expect(start('one', 'exit 0')).rejects.toMatchObject({
      code: 'EXECUTOR_FAILED',
      message: expect.stringContaining('/no/such/program'),
    });
    expect(existsSync(join(dataDir, 'attempts', 'one'))).toBe(false);
  });
});

/** Those of this process: each executor has one of its own. */
function findLaunchers(): readonly number[] {
  const args = ['-P', String(process.pid), '-f', 'launcher/main'];
  const { stdout } = spawnSync('pgrep', args, { encoding: 'utf8' });
  return stdout.split('\n').filter(Boolean).map(Number).filter(isAlive);
}

function killLaunchers(): void {
  for (const pid of findLaunchers()) process.kill(pid, 'SIGKILL');
}

function isAlive(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'state=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.startsWith('Z');
}

/** Waits with the patience that a busy machine needs. */
function until(check: () => void): Promise<void> {
  return vi.waitFor(check, { timeout: 15_000, interval: 10 });
}
