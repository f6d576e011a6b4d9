import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SchedulerFixture } from '../testing/scheduler-fixture.ts';

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

/** Starts a server as a process of its own; resolves when it is ready. */
async function startProcess(
  parts: { readonly hostId?: string; readonly leaseMs?: number } = {},
): Promise<ChildProcess> {
  const { hostId = 'host', leaseMs = 6000 } = parts;
  const dataDir = hostId === 'host' ? fixture.dataDir : join(fixture.dataDir, hostId);
  const { connection } = fixture.database;
  const serverId = `process-${servers.length}`;
  const argument = JSON.stringify({ connection, dataDir, hostId, serverId, leaseMs });
  const child = spawn(process.execPath, ['--conditions=source', PROGRAM, argument], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  servers.push(child);
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
  for (const count of [1, 2, 3, 5, 6]) {
    const server = await startProcess();
    await fixture.waitForTrace(count);
    await kill(server);
  }
  await startProcess();
  const runs = await fixture.waitForEnd(7);
  expect(runs.map(({ state }) => state)).toEqual(WEEK.map(() => 'success'));
  expect(
    fixture
      .trace()
      .map((tick) => tick.slice(0, 19))
      .sort(),
  ).toEqual(WEEK);
}, 60_000);

it('loses no exit code of a task that ends while no server runs', async () => {
  await fixture.deployOne(fixture.toScript('sleep 0.1; exit 3'));
  const server = await startProcess();
  await fixture.waitForTrace(1);
  await kill(server);
  await startProcess();
  const [run] = await fixture.waitForEnd(1);
  expect(run?.instances[0]?.attempts.map(({ exitCode }) => exitCode)).toEqual([3]);
}, 30_000);

it('is replaced by another host, which runs its lost attempts anew', async () => {
  await fixture.deployOne(
    fixture.toScript('[ $(wc -l < "$JOB_DIR/../../../trace" 2>/dev/null || echo 2) -gt 1 ] || sleep 60'),
  );
  const server = await startProcess({ leaseMs: 600 });
  await fixture.waitForTrace(1);
  await kill(server);
  await startProcess({ hostId: 'other', leaseMs: 600 });
  const [run] = await fixture.waitForEnd(1);
  expect(run?.instances[0]?.attempts.map(({ state }) => state)).toEqual(['lost', 'success']);
  // The first host comes back and ends what it no longer owns.
  const before = fixture.trace().length;
  await startProcess({ leaseMs: 600 });
  expect(fixture.trace()).toHaveLength(before);
}, 30_000);
