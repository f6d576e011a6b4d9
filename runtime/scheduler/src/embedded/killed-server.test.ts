import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { parseJobName } from '@optimus/domain';
import { makeJobSpec } from '@optimus/domain/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SchedulerFixture } from '../testing/scheduler-fixture.ts';
import type { DeathPoint, SchedulerProcessArguments } from '../testing/scheduler-process.ts';

const PROGRAM = fileURLToPath(new URL('../testing/scheduler-process.ts', import.meta.url));
const WEEK = ['19', '20', '21', '22', '23', '24', '25'].map((day) => `2022-09-${day}T02:00:00`);
let fixture: SchedulerFixture;
let servers: ChildProcess[];

beforeEach(async () => {
  fixture = await SchedulerFixture.create();
  servers = [];
});
afterEach(async () => {
  await Promise.all(servers.map(kill));
  await fixture.drop();
});

/** Starts a server as a process of its own. */
function spawnServer(
  parts: Partial<SchedulerProcessArguments> = {},
): ChildProcess & { readonly stdout: Readable } {
  const { hostId = 'host' } = parts;
  const argument: SchedulerProcessArguments = {
    connection: fixture.database.connection,
    dataDir: hostId === 'host' ? fixture.dataDir : join(fixture.dataDir, hostId),
    hostId,
    serverId: `process-${servers.length}`,
    leaseMs: 6000,
    ...parts,
  };
  const child = spawn(process.execPath, ['--conditions=source', PROGRAM, JSON.stringify(argument)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  servers.push(child);
  return child;
}

/** Starts a server and resolves when it is ready. */
async function startServer(parts: Partial<SchedulerProcessArguments> = {}): Promise<ChildProcess> {
  const child = spawnServer(parts);
  await once(child.stdout, 'data');
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

it('loses no run and doubles none when it is killed again and again', async () => {
  await fixture.deploy(fixture.toScript('sleep 0.15'));
  for (const count of [1, 3, 5]) {
    const server = await startServer();
    await fixture.waitForTrace(count);
    await kill(server);
  }
  await startServer();
  const runs = await fixture.waitForEnd(7);
  expect(runs.map(({ state }) => state)).toEqual(WEEK.map(() => 'success'));
  expect(
    fixture
      .trace()
      .map((tick) => tick.slice(0, 19))
      .sort(),
  ).toEqual(WEEK);
}, 60_000);

it.each<DeathPoint & { readonly attempts: RegExp }>([
  // The dispatcher of the dying server may be quick enough to claim what was planned.
  { when: 'after', step: 'advance', attempts: /^(lost )?success$/ },
  { when: 'after', step: 'claim', attempts: /^lost success$/ },
  { when: 'after', step: 'start', attempts: /^success$/ },
  { when: 'before', step: 'finish', attempts: /^success$/ },
  { when: 'after', step: 'finish', attempts: /^success$/ },
])('runs a task once when it dies $when it does $step', async ({ attempts, ...dieAt }) => {
  await fixture.deployOne(fixture.toScript());
  const [, signal] = (await once(spawnServer({ dieAt }), 'exit')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
  await fixture.startServer();
  const [run] = await fixture.waitForEnd(1);
  expect(run?.instances[0]?.attempts.map(({ state }) => state).join(' ')).toMatch(attempts);
  expect(fixture.trace()).toHaveLength(1);
});

it.each<DeathPoint>([
  { when: 'after', step: 'claim' },
  { when: 'after', step: 'start' },
  { when: 'before', step: 'finish' },
  { when: 'after', step: 'finish' },
])(
  'runs hooks and what waits for them once, dying $when it does $step again and again',
  async (dieAt) => {
    const toNote = (name: string) => [
      { name: 'SCRIPT', value: `echo "$JOB_NAME ${name}" >> ${join(fixture.dataDir, 'trace')}` },
    ];
    const schedule = { startDate: '2022-09-18', endDate: '2022-09-19', interval: '0 2 * * *' };
    const base = makeJobSpec({ schedule });
    const task = { ...base.task, config: toNote('task') };
    const hooks = ['check', 'audit', 'alarm'].map((name) => ({ name, config: toNote(name) }));
    const up = { ...base, name: parseJobName('upstream'), task, hooks };
    const dependencies = [{ type: 'intra', name: 'upstream' } as const];
    await fixture.deployJobs([up, { ...base, name: parseJobName('downstream'), task, dependencies }]);
    // Each server comes one step further before it dies.
    for (let life = 0; life < 4; life++) await once(spawnServer({ dieAt }), 'exit');
    await fixture.startServer();
    const [run] = await fixture.waitForEnd(1, 15_000, 'downstream');
    expect(run?.state).toBe('success');
    expect(fixture.trace()).toEqual(['upstream check', 'upstream task', 'upstream audit', 'downstream task']);
  },
  60_000,
);

it('loses no exit code of a task that ends while no server runs', async () => {
  await fixture.deployOne(fixture.toScript('sleep 0.1; exit 3'));
  const server = await startServer();
  await fixture.waitForTrace(1);
  await kill(server);
  await startServer();
  const [run] = await fixture.waitForEnd(1);
  expect(run?.instances[0]?.attempts.map(({ exitCode }) => exitCode)).toEqual([3]);
}, 30_000);

it('is replaced by another host, which runs its lost attempts anew', async () => {
  const first = join(fixture.dataDir, 'first');
  await fixture.deployOne(fixture.toScript(`if mkdir ${first} 2>/dev/null; then sleep 60; fi`));
  const server = await startServer({ leaseMs: 600 });
  await fixture.waitForTrace(1);
  await kill(server);
  await startServer({ hostId: 'other', leaseMs: 600 });
  const [run] = await fixture.waitForEnd(1);
  expect(run?.instances[0]?.attempts.map(({ state }) => state)).toEqual(['lost', 'success']);
  // The first host comes back and ends the task that it no longer owns.
  const attempts = join(fixture.dataDir, 'attempts');
  expect(readdirSync(attempts)).toHaveLength(1);
  await fixture.startServer();
  expect(readdirSync(attempts)).toEqual([]);
}, 30_000);
