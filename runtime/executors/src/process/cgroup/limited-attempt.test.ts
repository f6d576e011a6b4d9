import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type ExecutionReport, type Executor, type Log, SILENT_LOG } from '@optimus/domain';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProcessExecutor, type ProcessExecutorOptions } from '../process-executor.ts';
import { spawnSupervisor } from '../supervisor.ts';
import { AttemptCgroups } from './attempt-cgroups.ts';
import type { CgroupPlace, CgroupPlaces } from './cgroup-place.ts';
import { locateCgroups, makeCgroups } from './make-cgroups.ts';

const places = locateCgroups(undefined);
const missing = findMissing(places);
const why = missing === undefined ? '' : ` (skipped: ${missing})`;

const outOfMemory = { kind: 'signaled', signal: 'SIGKILL', isOutOfMemory: true };
/** Ends within a moment where nothing binds it. */
const eat = `exec ${process.execPath} -e "
  const eaten = [];
  for (let i = 0; i < 64; i += 1) eaten.push(Buffer.alloc(8 * 1024 * 1024, 1));
"`;

describe('a process attempt with limits', () => {
  let dataDir: string;
  let executor: Executor;
  let reports: ExecutionReport[];
  let warnings: unknown[];

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'limits-'));
    reports = [];
    warnings = [];
    executor = create({});
  });
  afterEach(async () => {
    await executor.stop();
    await create({}).discardExcept(new Set());
    await rm(dataDir, { recursive: true, force: true });
  });

  function create(options: Partial<ProcessExecutorOptions>): Executor {
    const images = { 'example/shell': ['/bin/sh', '-c', 'eval "$SCRIPT"'] };
    const log: Log = { ...SILENT_LOG, warn: (message, fields) => void warnings.push({ message, ...fields }) };
    const created = createProcessExecutor({ dataDir, images, log, livenessCheckMs: 100, ...options });
    created.onReport(async (report) => void reports.push(report));
    return created;
  }
  interface Given {
    readonly memory?: string;
    readonly cpu?: string;
    readonly requestedCpu?: string;
    readonly attemptId?: string;
  }
  const start = (
    script: string,
    { memory = '', cpu = '', requestedCpu = '', attemptId = 'a1' }: Given,
  ): Promise<unknown> =>
    executor.start({
      attemptId,
      fence: '1',
      image: 'example/shell',
      env: { SCRIPT: script },
      files: {},
      labels: {},
      resources: { request: { cpu: requestedCpu, memory: '' }, limit: { cpu, memory } },
    });
  const log = (attemptId = 'a1'): string => readFileSync(join(dataDir, 'logs', `${attemptId}.log`), 'utf8');
  const folder = (): string => join(dataDir, 'attempts', 'a1');
  const listRecorded = (): readonly string[] =>
    readFileSync(join(folder(), 'cgroup'), 'utf8').split('\n').filter(Boolean);
  const waitForOutcome = async (): Promise<unknown> => {
    await until(() => expect(reports).toHaveLength(1));
    return reports[0]?.outcome;
  };
  const gate = (): string => join(dataDir, 'gate');
  const waiting = (): string => `echo ready; while [ ! -e ${gate()} ]; do sleep 0.02; done`;

  describe.skipIf(missing !== undefined)(`in cgroups of this system${why}`, () => {
    it('is ended when it needs more memory, and its outcome says so', async () => {
      await start(eat, { memory: '128Mi' });
      expect(await waitForOutcome()).toEqual(outOfMemory);
      await expectNothingLeft();
    });

    it('is told so, too, when there is not even enough for its supervisor', async () => {
      await start('exit 0', { memory: '4Ki' });
      expect(await waitForOutcome()).toEqual(outOfMemory);
      await expectNothingLeft();
    });

    it('is not ended while it has enough', async () => {
      await start(eat, { memory: '1Gi' });
      expect(await waitForOutcome()).toEqual({ kind: 'exited', exitCode: 0 });
    });

    it('has failed by a signal alone when somebody else ends it', async () => {
      await start('kill -KILL $$', { memory: '128Mi' });
      expect(await waitForOutcome()).toEqual({ kind: 'signaled', signal: 'SIGKILL' });
    });

    it('has not failed when it makes good for what was ended', async () => {
      await start(`(${eat}); echo made good`, { memory: '128Mi' });
      expect(await waitForOutcome()).toEqual({ kind: 'exited', exitCode: 0 });
    });

    it('is in its cgroups from its first step on, with all that it starts', async () => {
      const script = `cat /proc/self/cgroup; (cat /proc/self/cgroup); ${waiting()}`;
      await start(script, { memory: '128Mi', cpu: '500m', requestedCpu: '250m' });
      await until(() => expect(log()).toContain('ready'));
      const [memory = '', cpu = ''] = listRecorded();
      const named = (path: string) => log().split(path.slice(path.lastIndexOf('/'))).length - 1;
      expect([named(memory), named(cpu)]).toEqual([4, 4]);
      const [pid = ''] = readFileSync(join(folder(), 'supervisor'), 'utf8').split('\n');
      expect(readFileSync(join(memory, 'cgroup.procs'), 'utf8').split('\n')).toContain(pid);
      expect(readNumber(cpu, 'cpu.cfs_quota_us')).toBe(50_000);
      expect(readNumber(cpu, 'cpu.shares')).toBe(256);
      expect(readNumber(memory, 'memory.limit_in_bytes')).toBe(128 * 1024 * 1024);
      writeFileSync(gate(), '');
      await waitForOutcome();
      await expectNothingLeft();
      expect(warnings).toEqual([]);
    });

    it('is told to have needed more memory by the next server, too', async () => {
      await start(`${waiting()}; ${eat}`, { memory: '128Mi' });
      await until(() => expect(log()).toContain('ready'));
      await executor.stop();
      executor = create({});
      expect(await executor.attach({ attemptId: 'a1', fence: '2' }, undefined)).toBe('attached');
      writeFileSync(gate(), '');
      expect(await waitForOutcome()).toEqual(outOfMemory);
      await expectNothingLeft();
    });

    it('is told so when nobody watched', async () => {
      await start(`${waiting()}; ${eat}`, { memory: '128Mi' });
      await until(() => expect(log()).toContain('ready'));
      await executor.stop();
      writeFileSync(gate(), '');
      await until(() => expect(existsSync(join(folder(), 'exit'))).toBe(true));
      executor = create({});
      expect(await executor.attach({ attemptId: 'a1', fence: '2' }, undefined)).toBe('attached');
      expect(await waitForOutcome()).toEqual(outOfMemory);
      await expectNothingLeft();
    });

    it('leaves nothing when it is discarded', async () => {
      await start(waiting(), { memory: '128Mi', cpu: '1' });
      await until(() => expect(log()).toContain('ready'));
      await executor.stop();
      await create({}).discardExcept(new Set());
      await expectNothingLeft();
    });

    it('has no cgroup when nothing binds it', async () => {
      await start(waiting(), {});
      expect(existsSync(join(folder(), 'cgroup'))).toBe(false);
      writeFileSync(gate(), '');
      await expectNothingLeft();
    });

    it('may have a limit above that of the cgroup it is in, which binds then', async () => {
      const parent = join(places.cpu?.path ?? '', `optimus-parent-${process.pid}`);
      const [name, record] = ['child', join(dataDir, 'record')];
      const cpu: CgroupPlace = { version: 1, path: parent };
      mkdirSync(parent);
      try {
        writeFileSync(join(parent, 'cpu.cfs_quota_us'), '50000');
        const made = makeCgroups({ limits: { cpus: 2 }, places: { cpu }, name, record });
        expect(made).toEqual({ folders: [join(parent, name)], problems: [] });
      } finally {
        await new AttemptCgroups(readFileSync(record, 'utf8')).remove();
        rmdirSync(parent);
      }
    });

    /** In none of the places where cgroups of attempts are made. */
    async function expectNothingLeft(): Promise<void> {
      const list = (): readonly string[] =>
        Object.values(places).flatMap(({ path }) =>
          readdirSync(path).filter((name) => name.startsWith('optimus-a1-')),
        );
      await until(() => expect(list()).toEqual([]));
      await until(() => expect(existsSync(folder())).toBe(false));
    }
  });

  it('runs without them where the system does not allow them, which the log says once', async () => {
    executor = create({ cgroup: join(dataDir, 'no-cgroup') });
    await start('echo one', { memory: '128Mi' });
    await start('echo two', { memory: '128Mi', attemptId: 'a2' });
    await until(() => expect(reports).toHaveLength(2));
    expect([log('a1'), log('a2')]).toEqual(['one\n', 'two\n']);
    const reason = `memory: the cgroup ${join(dataDir, 'no-cgroup')} does not have this controller`;
    expect(warnings).toEqual([
      expect.objectContaining({ message: expect.stringContaining('tasks run without the limits'), reason }),
    ]);
  });

  it('runs outside of a cgroup that it may not enter, and says so', async () => {
    const { child, problem } = await spawnSupervisor({
      folder: dataDir,
      command: ['/bin/sh', '-c', 'touch ran'],
      env: {},
      cwd: dataDir,
      output: { fd: 1, endFile: 'exit' },
      cgroups: ['/no/such/cgroup', '/nor/this'],
    });
    expect(problem).toContain('/no/such/cgroup/cgroup.procs');
    expect(problem).toContain('/nor/this/cgroup.procs');
    await until(() => expect(child.signalCode).toBe('SIGKILL'));
    expect(readFileSync(join(dataDir, 'exit'), 'utf8')).toBe('0\nend\n');
    expect(existsSync(join(dataDir, 'ran'))).toBe(true);
  });

  it('writes itself into the cgroup of version 2 that it is given', async () => {
    const cgroup = await layDownHierarchy();
    executor = create({ cgroup });
    await start(waiting(), { memory: '128Mi', cpu: '1' });
    const [own = ''] = listRecorded();
    expect(dirname(own)).toBe(cgroup);
    const [pid = ''] = readFileSync(join(folder(), 'supervisor'), 'utf8').split('\n');
    expect(readFileSync(join(own, 'cgroup.procs'), 'utf8').trim()).toBe(pid);
    await writeFile(
      join(own, 'memory.events'),
      'low 0\nhigh 0\nmax 9\noom 1\noom_kill 1\noom_group_kill 0\n',
    );
    process.kill(Number(pid), 'SIGKILL');
    expect(await waitForOutcome()).toEqual(outOfMemory);
  });

  it('is refused when a quantity is none', async () => {
    await expect(start('exit 0', { memory: 'much' })).rejects.toMatchObject({
      code: 'EXECUTOR_FAILED',
      message: expect.stringContaining('"much" is not a number with a unit'),
    });
    expect(existsSync(folder())).toBe(false);
  });

  /** Plain files in the place of a hierarchy of version 2. */
  async function layDownHierarchy(): Promise<string> {
    const path = join(dataDir, 'hierarchy');
    await mkdir(path);
    await writeFile(join(path, 'cgroup.controllers'), 'cpu memory\n');
    await writeFile(join(path, 'cgroup.subtree_control'), 'cpu memory\n');
    return path;
  }
});

/** What this system lacks of writable hierarchies of version 1; undefined: nothing. */
function findMissing({ memory, cpu }: CgroupPlaces): string | undefined {
  if (memory?.version !== 1 || cpu?.version !== 1)
    return 'memory and cpu are not in hierarchies of version 1';
  try {
    for (const { path } of [memory, cpu]) {
      const probe = join(path, `optimus-probe-${process.pid}`);
      mkdirSync(probe);
      rmdirSync(probe);
    }
    return undefined;
  } catch {
    return 'this user may make no cgroups';
  }
}

function readNumber(path: string, name: string): number {
  return Number(readFileSync(join(path, name), 'utf8'));
}

/** Waits with the patience that a busy machine needs. */
function until(check: () => void): Promise<void> {
  return vi.waitFor(check, { timeout: 15_000, interval: 10 });
}
