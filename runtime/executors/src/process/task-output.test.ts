import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ExecutionReport, type ExecutionRequest, type Executor, SILENT_LOG } from '@optimus/domain';
import { describeExecutor } from '@optimus/domain/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProcessExecutor, type ProcessExecutorOptions } from './process-executor.ts';
import { createProcessLogStore } from './process-log-store.ts';

const images = { 'example/shell': ['/bin/sh', '-c', 'eval "$SCRIPT"'] };
const secret = 'p4ss w/ord+"x"';
const encoded = Buffer.from(secret).toString('base64');
const hasProc = process.platform === 'linux';

describeExecutor('process, with a secret', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'executor-'));
  const createExecutor = (): Executor => {
    const executor = createProcessExecutor({ dataDir, images, log: SILENT_LOG });
    const start = (request: ExecutionRequest) => executor.start({ ...request, secrets: [secret] });
    return new Proxy(executor, {
      get: (target, name) => {
        const member: unknown = name === 'start' ? start : Reflect.get(target, name);
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
  };
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

describe('the output of a task with a secret', () => {
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

  function create(options: Partial<ProcessExecutorOptions> = {}): Executor {
    const created = createProcessExecutor({
      dataDir,
      images,
      log: SILENT_LOG,
      livenessCheckMs: 100,
      ...options,
    });
    reports = [];
    created.onReport(async (report) => void reports.push(report));
    return created;
  }
  const start = (script: string, overrides: Partial<ExecutionRequest> = {}): Promise<unknown> =>
    executor.start({
      attemptId: 'a1',
      fence: '1',
      image: 'example/shell',
      env: { SCRIPT: script, KEY: secret },
      files: {},
      labels: {},
      secrets: [secret],
      ...overrides,
    });
  /** Lets the task go on that waits for the file `go`. */
  const letGo = (): void => writeFileSync(join(dataDir, 'attempts', 'a1', 'job', 'go'), '');
  const log = (): string => readFileSync(join(dataDir, 'logs', 'a1.log'), 'utf8');
  const waitForLog = (text: string): Promise<void> => until(() => expect(log()).toContain(text));
  const waitForOutcome = async () => {
    await until(() => expect(reports).toHaveLength(1));
    return reports[0]?.outcome;
  };

  it('shows it in no form, and all else as it is', async () => {
    await start(
      'printf "%s|" "$KEY" "a=$KEY" "ok"; printf "%s" "$KEY" | base64; env | grep ^KEY >&2; exit 3',
    );
    expect(await waitForOutcome()).toEqual({ kind: 'exited', exitCode: 3 });
    expect(log()).toMatch(/^\*\*\*\|a=\*\*\*\|ok\|\*\*\*=?\nKEY=\*\*\*\n$/);
  });

  it('does not show it when it is written in pieces', async () => {
    await start('printf "p4ss"; sleep 0.05; printf " w/ord"; sleep 0.05; printf "+\\"x\\" done"');
    await waitForOutcome();
    expect(log()).toBe('*** done');
  });

  it('comes line by line while the task runs', async () => {
    await start('echo first; sleep 60');
    await waitForLog('first\n');
    expect(reports).toEqual([]);
  });

  it('is complete when the end is reported, however large', async () => {
    await start('head -c 30000000 /dev/zero | tr "\\0" "x"; echo end');
    expect(await waitForOutcome()).toEqual({ kind: 'exited', exitCode: 0 });
    expect(log().length).toBe(30_000_004);
  });

  it('can be opened again by the task, as any pipe', async () => {
    await start('echo out > /dev/stdout; echo err > /dev/stderr; cat /dev/null >> /proc/self/fd/1 || exit 1');
    await waitForOutcome();
    expect(log()).toContain('out\nerr\n');
  });

  it('is masked on when its server has died', async () => {
    await start('echo ready; while [ ! -e go ]; do sleep 0.02; done; echo "$KEY"; exit 4');
    await executor.stop();
    letGo();
    await waitForLog('***');
    executor = create();
    expect(await executor.attach({ attemptId: 'a1', fence: '2' }, undefined)).toBe('attached');
    expect(await waitForOutcome()).toEqual({ kind: 'exited', exitCode: 4 });
    expect(log()).toBe('ready\n***\n');
  });

  it.skipIf(!hasProc)('costs the task nothing and shows no more when the filter is killed', async () => {
    await start(
      'echo ready; while [ ! -e go ]; do sleep 0.02; done; echo "rest $KEY"; echo "next $KEY"; exit 5',
    );
    await waitForLog('ready');
    const [filter = 0] = await findFilters('main.ts');
    process.kill(filter, 'SIGKILL');
    await until(async () =>
      expect((await findFilters('main.ts')).filter((pid) => pid !== filter)).toHaveLength(1),
    );
    letGo();
    expect(await waitForOutcome()).toEqual({ kind: 'exited', exitCode: 5 });
    expect(log()).toContain('some of the output was lost');
    // The line that a killed filter may have read half of is left out.
    expect(log()).toMatch(/\nnext \*\*\*\n$/);
    expect(log()).not.toContain('p4ss');
  });

  it.skipIf(!hasProc)('is never shown raw when all that filters it is killed', async () => {
    await start('trap "" PIPE; echo ready; while [ ! -e go ]; do sleep 0.02; done; echo "rest $KEY"; exit 6');
    await waitForLog('ready');
    const filters = [...(await findFilters('optimus-log')), ...(await findFilters('main.ts'))];
    for (const pid of new Set(filters)) process.kill(pid, 'SIGKILL');
    letGo();
    expect(await waitForOutcome()).toEqual({ kind: 'exited', exitCode: 6 });
    expect(log()).toBe('ready\n');
  });

  it('is left out, and the task runs on, when there is no filter', async () => {
    executor = create({ logFilter: ['/no/such/program'] });
    await start('echo "$KEY"; head -c 200000 /dev/zero; exit 7');
    expect(await waitForOutcome()).toEqual({ kind: 'exited', exitCode: 7 });
    expect(log()).toBe('\n[optimus] the rest of the output is left out: it could not be masked\n');
  });

  it.skipIf(!hasProc)('ends with the task, when what the task left behind holds it open', async () => {
    await start('setsid sh -c "sleep 60" & echo $!; sleep 0.1; exit 0');
    expect(await waitForOutcome()).toEqual({ kind: 'exited', exitCode: 0 });
    await until(async () => expect(await findFilters('main.ts')).toEqual([]));
    process.kill(Number(log()), 'SIGKILL');
  });

  it('leaves out the middle when it is too long, and says how much', async () => {
    executor = create({ maxLogBytes: 10_000 });
    await start('echo begin; head -c 300000 /dev/zero | tr "\\0" "x"; echo "end $KEY"');
    await waitForOutcome();
    expect(log()).toMatch(
      /^begin\nx+\n\[optimus\] the log is full at 10000 bytes: .*\n\n\[optimus\] 2\d{5} bytes left out: .*\nx+end \*\*\*\n$/,
    );
    expect(log().length).toBeLessThan(10_000 + 65_536 + 300);
  });

  it.skipIf(!hasProc)('is filtered by processes that tell nobody the secret', async () => {
    await start('echo ready; sleep 60');
    await waitForLog('ready');
    const pids = [...(await findFilters('optimus-log')), ...(await findFilters('main.ts'))];
    expect(pids.length).toBeGreaterThanOrEqual(2);
    for (const pid of pids) {
      const told = ['cmdline', 'environ']
        .map((name) => readFileSync(`/proc/${pid}/${name}`, 'utf8'))
        .join('');
      expect(told).not.toContain(secret);
      expect(told).not.toContain(encoded);
    }
  });

  /** Processes of the attempt's filter whose command line has the word. */
  async function findFilters(word: string): Promise<readonly number[]> {
    const lines = readdirSync('/proc').flatMap((name) => {
      try {
        return /^\d+$/.test(name)
          ? [{ pid: Number(name), line: readFileSync(`/proc/${name}/cmdline`, 'utf8') }]
          : [];
      } catch {
        return [];
      }
    });
    // The launcher has the data directory in its command line, too.
    const folder = join(dataDir, 'attempts', 'a1');
    const ours = lines.filter(({ line }) => line.includes(folder) && line.includes(word));
    return ours.filter(({ line }) => word !== 'main.ts' || !line.startsWith('/bin/sh')).map(({ pid }) => pid);
  }
});

describe('the output of a task without secrets', () => {
  it('stays near its limit while it goes on, and keeps its beginning and its end', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'executor-'));
    const executor = createProcessExecutor({ dataDir, images, log: SILENT_LOG, maxLogBytes: 1_000_000 });
    const reports: ExecutionReport[] = [];
    executor.onReport(async (report) => void reports.push(report));
    const path = join(dataDir, 'logs', 'a1.log');
    // It would go on for ever if nothing cut the log.
    const script = `echo begin; until grep -q 'log is full' ${path}; do
      head -c 500000 /dev/zero | tr '\\0' x; done; echo end`;
    try {
      await executor.start({
        attemptId: 'a1',
        fence: '1',
        image: 'example/shell',
        env: { SCRIPT: script },
        files: {},
        labels: {},
      });
      await until(() => expect(reports).toHaveLength(1));
      expect(reports[0]?.outcome).toEqual({ kind: 'exited', exitCode: 0 });
      const log = readFileSync(path, 'utf8');
      expect(log.startsWith('begin\nxxx')).toBe(true);
      expect(log.endsWith('end\n')).toBe(true);
      expect(log.indexOf('[optimus] the log is full at 1000000 bytes')).toBeGreaterThan(1_000_000);
    } finally {
      await executor.stop();
      await executor.discardExcept(new Set());
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});

function until(check: () => void | Promise<void>): Promise<void> {
  return vi.waitFor(check, { timeout: 15_000, interval: 10 });
}
