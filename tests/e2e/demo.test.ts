import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { canSeeProcesses, findProcesses } from './stage/find-leftovers.ts';
import { checkout, makeStageFolder, removeStageFolder, toStageEnv } from './stage/stage-folder.ts';

let folder: string;

beforeEach(async () => {
  folder = await makeStageFolder();
});

afterEach(() => removeStageFolder(folder));

/** In a process group of its own, as a terminal starts it. */
function startDemo(...args: readonly string[]): {
  readonly child: ChildProcess;
  readonly output: () => string;
} {
  const env = toStageEnv(folder, { OPTIMUS_DEMO_HOME: path.join(folder, 'demo') });
  const command = ['run', 'demo', '--', ...args];
  const child = spawn('npm', command, {
    cwd: checkout,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (piece: string) => {
      output += piece;
    });
  }
  return { child, output: () => output };
}

async function expectNothingLeft() {
  const look = async () => expect(await findProcesses(folder)).toEqual([]);
  if (canSeeProcesses) await vi.waitFor(look, { timeout: 10_000 });
}

describe('npm run demo', () => {
  it('runs the week, shows runs, log and totals, and leaves no process behind', async () => {
    const { child, output } = startDemo();
    const [code] = await once(child, 'close');
    expect(`${code}\n${output()}`).toMatch(/^0\n/);
    expect(output()).toContain('61 objects tracked, 6 of them hazardous');
    expect(output()).toContain('$ optimus deploy');
    expect(output()).toContain('total tracking: 10');
    expect(output().match(/2022-09-\d\dT02:00:00Z success/g)).toHaveLength(7);
    await expectNothingLeft();
  });

  it('leaves the server up when told to, refuses to run over it, and says how to stop it', async () => {
    const { child, output } = startDemo('--keep');
    const [code] = await once(child, 'close');
    expect(`${code}\n${output()}`).toMatch(/^0\n/);
    const address = /The server stays up on (\S+)/.exec(output())?.[1];
    expect(await (await fetch(`http://${address}/ping`)).text()).toBe('pong');

    const second = startDemo();
    expect(await once(second.child, 'close')).toEqual([1, null]);
    expect(second.output()).toContain('an earlier demo is still up');

    const stop = startDemo('--stop');
    expect(await once(stop.child, 'close')).toEqual([0, null]);
    expect(stop.output()).toContain('The demo is stopped.');
    await expectNothingLeft();
  });
});

describe('Ctrl-C in the demo', () => {
  it.each([
    ['at once', /Starting the server/],
    ['when the server has just come up', /gRPC, REST and metrics/],
    ['while a plugin is asked its questions', /\$ optimus job create/],
    ['while tasks run', /Running seven days …/],
  ])('%s leaves no process behind and ends with 130', async (_, moment) => {
    const { child, output } = startDemo();
    const ended = once(child, 'close');
    const reached = vi.waitFor(() => expect(output()).toMatch(moment), { timeout: 60_000, interval: 5 });
    await Promise.race([reached, ended]);
    process.kill(-(child.pid ?? 0), 'SIGINT');
    const [code, signal] = await ended;
    expect([130, 'SIGINT']).toContain(signal ?? code);
    await expectNothingLeft();
  });
});
