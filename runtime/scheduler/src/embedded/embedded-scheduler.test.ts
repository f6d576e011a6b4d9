import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { type Executor, type RunStore, type ScheduleStore, SILENT_LOG } from '@optimus/domain';
import { makeJobSpec } from '@optimus/domain/testing';
import { createProcessExecutor } from '@optimus/executors';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SchedulerFixture } from '../testing/scheduler-fixture.ts';
import { IMAGES } from '../testing/scheduler-server.ts';

const WEEK = ['19', '20', '21', '22', '23', '24', '25'].map((day) => `2022-09-${day}T02:00:00`);
const { behavior } = makeJobSpec();
const retrying = (count: number, delayMs = 0) => ({
  behavior: { ...behavior, retry: { count, delayMs, exponentialBackoff: false } },
});
let fixture: SchedulerFixture;

beforeEach(async () => {
  fixture = await SchedulerFixture.create();
});
afterEach(() => fixture.drop());

/** The ticks that were started, without zone, sorted. */
function startedTicks(): readonly string[] {
  return fixture
    .trace()
    .map((tick) => tick.slice(0, 19))
    .sort();
}

/** Runs SQL on the fixture's database, or beside it on the same server. */
async function query(sql: string, dsn = fixture.database.dsn): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: dsn });
  await client.connect();
  try {
    return (await client.query(sql)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

/** Waits with the patience that a busy machine needs. */
function until(check: () => void | Promise<void>): Promise<void> {
  return vi.waitFor(check, { timeout: 15_000, interval: 10 });
}

/** What another server does when it takes over whatever lives. */
const TAKE_OVER = `UPDATE attempt SET fence = fence + 1, host_id = 'other', server_id = 'other', lease_expires_at = now() + interval '1 minute'`;

/** Classes with private fields work on themselves only. */
function bindMethod(target: RunStore | ScheduleStore | Executor, key: string | symbol): unknown {
  const value: unknown = Reflect.get(target, key);
  return typeof value === 'function' ? value.bind(target) : value;
}

describe('a job that catches up', () => {
  it('runs each of its seven days once, with its window and its context', async () => {
    await fixture.startServer();
    await fixture.deploy(
      fixture.toScript('echo "$JOB_NAME $PROJECT $NAMESPACE $INSTANCE_TYPE $OPTIMUS_HOSTNAME"'),
    );
    const runs = await fixture.waitForEnd(7);
    expect(runs.map(({ state }) => state)).toEqual(WEEK.map(() => 'success'));
    expect(startedTicks()).toEqual(WEEK);
    expect(runs[0]?.window).toEqual({
      start: new Date('2022-09-18T00:00:00Z'),
      end: new Date('2022-09-19T00:00:00Z'),
    });
    expect(runs.flatMap(({ instances }) => instances.flatMap(({ attempts }) => attempts.length))).toEqual(
      WEEK.map(() => 1),
    );
  });

  it('runs what was due before a server started', async () => {
    await fixture.deploy(fixture.toScript());
    await fixture.startServer();
    await fixture.waitForEnd(7);
    expect(startedTicks()).toEqual(WEEK);
  });

  it('is planned although looking at the schedule failed at first', async () => {
    await fixture.deploy(fixture.toScript());
    const { store } = fixture.database;
    let failures = 2;
    const listDue: ScheduleStore['listDue'] = (limit) => {
      if (failures-- > 0) throw new TypeError('the statement timed out');
      return store.schedules.listDue(limit);
    };
    const schedules = new Proxy(store.schedules, {
      get: (target, key) => (key === 'listDue' ? listDue : bindMethod(target, key)),
    });
    await fixture.startServer({ store: { ...store, schedules } });
    await fixture.waitForEnd(7);
    expect(startedTicks()).toEqual(WEEK);
  });

  it('never runs more at once than there are slots', async () => {
    const folder = join(fixture.dataDir, 'running');
    await mkdir(folder);
    // Each task counts the tasks that run beside it.
    const script = `touch ${folder}/$$; ls ${folder} | wc -l >> ${fixture.dataDir}/counts; sleep 0.05; rm ${folder}/$$`;
    await fixture.deploy(`${script}; [ $(sort -n ${fixture.dataDir}/counts | tail -1) -le 2 ]`);
    await fixture.startServer({}, { maxRunning: 2 });
    const runs = await fixture.waitForEnd(7);
    expect(runs.map(({ state }) => state)).toEqual(WEEK.map(() => 'success'));
  });
});

describe('a task that fails', () => {
  const failTwice = (): string => {
    const file = join(fixture.dataDir, 'tries');
    return fixture.toScript(`echo x >> ${file}; [ $(wc -l < ${file}) -gt 2 ] || exit 3`);
  };

  it('is tried again until it succeeds', async () => {
    await fixture.startServer();
    await fixture.deployOne(failTwice(), retrying(2, 20));
    const [run] = await fixture.waitForEnd(1);
    expect(run?.state).toBe('success');
    expect(
      run?.instances[0]?.attempts.map(({ number, state, exitCode }) => [number, state, exitCode]),
    ).toEqual([
      [1, 'failed', 3],
      [2, 'failed', 3],
      [3, 'success', 0],
    ]);
  });

  it('fails its run when no try is left', async () => {
    await fixture.startServer();
    await fixture.deployOne(failTwice(), retrying(1));
    const [run] = await fixture.waitForEnd(1);
    expect(run).toMatchObject({ state: 'failed', message: 'exited with code 3' });
    expect(fixture.trace()).toHaveLength(2);
  });

  it('says which signal ended it', async () => {
    await fixture.startServer();
    await fixture.deployOne('kill -KILL $$');
    const [run] = await fixture.waitForEnd(1);
    expect(run).toMatchObject({ state: 'failed', message: 'was ended by signal SIGKILL' });
  });
});

describe('an attempt that cannot start', () => {
  it('fails its run with the image and the configuration key', async () => {
    const { dataDir } = fixture;
    await fixture.startServer({ executor: createProcessExecutor({ dataDir, images: {}, log: SILENT_LOG }) });
    await fixture.deployOne('true');
    const [run] = await fixture.waitForEnd(1);
    expect(run?.message).toContain('image "example/shell:1.0" cannot run as a process');
  });

  it('fails its run when the context cannot be compiled', async () => {
    await fixture.startServer();
    await fixture.deployOne('echo {{ .DSTART | nonsense }}');
    const [run] = await fixture.waitForEnd(1);
    expect(run?.state).toBe('failed');
    expect(run?.message).toContain('nonsense');
  });

  it('tells which values its context lacked, whether it succeeds or not', async () => {
    await fixture.startServer();
    await fixture.deployOne('true # {{ .secret.nobody }}');
    const [run] = await fixture.waitForEnd(1);
    expect(run?.state).toBe('success');
    expect(run?.instances[0]?.attempts[0]?.message).toMatch(/\{\{\.secret\.nobody\}\} has no value/);
  });
});

describe('an attempt that is lost', () => {
  it('is made good, and uses up no try', async () => {
    await fixture.startServer();
    // The first attempt kills its own supervisor.
    const once = join(fixture.dataDir, 'once');
    await fixture.deployOne(
      fixture.toScript(`if mkdir ${once} 2>/dev/null; then kill -KILL $PPID; sleep 60; fi`),
    );
    const [run] = await fixture.waitForEnd(1);
    expect(run?.state).toBe('success');
    expect(run?.instances[0]?.attempts.map(({ state }) => state)).toEqual(['lost', 'success']);
  });

  it('is ended here when another server has taken it over, and its report counts for nothing', async () => {
    await fixture.startServer({}, { leaseMs: 300 });
    await fixture.deployOne(fixture.toScript('sleep 60'));
    await fixture.waitForTrace(1);
    await query(TAKE_OVER);
    await expect.poll(() => readdirSync(join(fixture.dataDir, 'attempts'))).toEqual([]);
    const [run] = await fixture.runs();
    expect(run?.state).toBe('running');
    expect(run?.instances[0]?.attempts).toHaveLength(1);
  });

  it('is ended here when it was taken over while it started', async () => {
    const { dataDir } = fixture;
    const executor = createProcessExecutor({ dataDir, images: IMAGES, log: SILENT_LOG });
    const start: Executor['start'] = async (request) => {
      await query(TAKE_OVER);
      // Long enough for the rescuer to find out, before or after the start.
      await query('SELECT pg_sleep(0.25)');
      return executor.start(request);
    };
    const slow = new Proxy(executor, {
      get: (target, key) => (key === 'start' ? start : bindMethod(target, key)),
    });
    await fixture.startServer({ executor: slow }, { leaseMs: 300 });
    await fixture.deployOne(fixture.toScript('sleep 60'));
    await until(() => expect(readdirSync(join(dataDir, 'logs'))).toHaveLength(1));
    await until(() => expect(readdirSync(join(dataDir, 'attempts'))).toEqual([]));
  });

  it('is taken over when the answer to its claim was lost', async () => {
    await fixture.deployOne(fixture.toScript());
    const { runs } = fixture.database.store;
    let isDeaf = true;
    // The first claim is committed, and its answer never arrives.
    const claim: RunStore['claim'] = async (server, options) => {
      const claimed = await runs.claim(server, options);
      if (!isDeaf || claimed.attempts.length === 0) return claimed;
      isDeaf = false;
      throw new TypeError('the connection broke');
    };
    const deafRuns = new Proxy(runs, {
      get: (target, key) => (key === 'claim' ? claim : bindMethod(target, key)),
    });
    const deaf = { ...fixture.database.store, runs: deafRuns };
    await fixture.startServer({ store: deaf }, { leaseMs: 300, graceMs: 50 });
    const [run] = await fixture.waitForEnd(1);
    expect(run?.instances[0]?.attempts.map(({ state }) => state)).toEqual(['lost', 'success']);
    expect(fixture.trace()).toHaveLength(1);
  });
});

describe('several servers on one database', () => {
  it('start each run once', async () => {
    const schedule = { startDate: '2022-09-18', endDate: '2022-09-20', interval: '0 * * * *' };
    await fixture.deploy(fixture.toScript('sleep 0.02'), { schedule });
    await Promise.all(
      ['a', 'b', 'c'].map((hostId) =>
        fixture.startServer({ hostId, dataDir: join(fixture.dataDir, hostId) }),
      ),
    );
    const runs = await fixture.waitForEnd(49, 30_000);
    expect(runs.every(({ state }) => state === 'success')).toBe(true);
    expect(fixture.trace()).toHaveLength(49);
    expect(new Set(startedTicks()).size).toBe(49);
  }, 40_000);

  it('hand the lead on when the leader stops', async () => {
    const leader = await fixture.startServer();
    await fixture.startServer({ hostId: 'other', dataDir: join(fixture.dataDir, 'other') }, { leaseMs: 600 });
    await leader.stop();
    await fixture.deploy(fixture.toScript());
    await fixture.waitForEnd(7);
    expect(startedTicks()).toEqual(WEEK);
  });
});

describe('a database that goes away', () => {
  const setAllowed = async (isAllowed: boolean): Promise<void> => {
    const admin = new URL(fixture.database.dsn);
    const name = admin.pathname.slice(1);
    admin.pathname = '/postgres';
    await query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS ${isAllowed}`, admin.href);
    const others = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`;
    if (!isAllowed) await query(others, admin.href);
  };

  it('is told of ends that came meanwhile as soon as it is back', async () => {
    const started = join(fixture.dataDir, 'go');
    await fixture.startServer();
    await fixture.deployOne(fixture.toScript(`while [ ! -e ${started} ]; do sleep 0.02; done; exit 0`));
    await fixture.waitForTrace(1);
    await setAllowed(false);
    await mkdir(started);
    const logs = join(fixture.dataDir, 'attempts');
    const [attempt = ''] = readdirSync(logs);
    await until(() => expect(readdirSync(join(logs, attempt))).toContain('exit'));
    await setAllowed(true);
    const [run] = await fixture.waitForEnd(1);
    expect(run?.state).toBe('success');
    expect(fixture.trace()).toHaveLength(1);
  });

  it('is found again by every service', async () => {
    await fixture.startServer();
    await setAllowed(false);
    await setAllowed(true);
    await until(() => fixture.deploy(fixture.toScript()));
    await fixture.waitForEnd(7, 20_000);
    expect(startedTicks()).toEqual(WEEK);
  }, 30_000);
});

describe('a graceful stop', () => {
  it('leaves tasks running, and the next server takes them up', async () => {
    const go = join(fixture.dataDir, 'go');
    const first = await fixture.startServer();
    await fixture.deployOne(fixture.toScript(`while [ ! -e ${go} ]; do sleep 0.02; done`));
    await fixture.waitForTrace(1);
    await first.stop();
    await first.stop();
    await mkdir(go);
    await fixture.startServer();
    const [run] = await fixture.waitForEnd(1);
    expect(run?.instances[0]?.attempts.map(({ state }) => state)).toEqual(['success']);
    expect(fixture.trace()).toHaveLength(1);
  });

  it('records a task that ended meanwhile as ended when it did', async () => {
    const go = join(fixture.dataDir, 'go');
    const first = await fixture.startServer();
    await fixture.deployOne(fixture.toScript(`while [ ! -e ${go} ]; do sleep 0.02; done`));
    await fixture.waitForTrace(1);
    await first.stop();
    await mkdir(go);
    const attempts = join(fixture.dataDir, 'attempts');
    const [name = ''] = await readdir(attempts);
    const exit = join(attempts, name, 'exit');
    await expect.poll(() => existsSync(exit)).toBe(true);
    const halfAnHourAgo = new Date(Date.now() - 1_800_000);
    await utimes(exit, halfAnHourAgo, halfAnHourAgo);
    await fixture.query(`UPDATE attempt SET started_at = now() - interval '1 hour'`);
    await fixture.startServer();
    const [run] = await fixture.waitForEnd(1);
    const [attempt] = run?.instances[0]?.attempts ?? [];
    const tookMs = Number(attempt?.finishedAt) - Number(attempt?.startedAt);
    expect(Math.abs(tookMs - 1_800_000)).toBeLessThan(60_000);
  });
});
