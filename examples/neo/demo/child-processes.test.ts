import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { awaitEnd, ChildProcesses } from './child-processes.ts';

const forever = "process.stdout.write('up'); setInterval(() => {}, 1000);";
let children = new ChildProcesses();

afterEach(async () => {
  await children.stop();
  children = new ChildProcesses();
});

function start(script: string) {
  return children.start('child', [process.execPath, '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function startUp(script: string) {
  const child = start(script);
  if (child.stdout) await once(child.stdout, 'data');
  return child;
}

function isAlive(pid: number | undefined): boolean {
  try {
    return process.kill(pid ?? 0, 0);
  } catch {
    return false;
  }
}

describe('the processes of a demo', () => {
  it('tell how they ended', async () => {
    expect(await awaitEnd(start('process.exit(3)'))).toBe(3);
    expect(await awaitEnd(start("process.kill(process.pid, 'SIGKILL')"))).toBe('SIGKILL');
  });

  it('are all ended by a stop, which may come twice', async () => {
    const started = await Promise.all([startUp(forever), startUp(forever)]);
    await Promise.all([children.stop(), children.stop()]);
    expect(started.map(({ pid }) => isAlive(pid))).toEqual([false, false]);
  });

  it('are not started any more once stopping has begun', async () => {
    await children.stop();
    expect(() => start(forever)).toThrow('the demo is being stopped');
  });

  it('outlive the demo when it lets go of them, and their pids are told', async () => {
    const child = await startUp(forever);
    expect(children.leave()).toEqual([child.pid]);
    await children.stop();
    expect(isAlive(child.pid)).toBe(true);
    child.kill('SIGKILL');
    await awaitEnd(child);
  });

  it('say so when a program does not exist', async () => {
    const child = children.start('none', ['/no/such/program'], {});
    await expect(awaitEnd(child)).rejects.toThrow('ENOENT');
  });
});
