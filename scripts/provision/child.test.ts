import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const childModule = path.join(import.meta.dirname, 'child.mjs');

/** A Node program that runs another through `runChild` and ends as it did, like every command of the tool chain. */
function runnerOf(childCode: string, options = '{}'): string {
  return `import { runChild, stopCode } from ${JSON.stringify(childModule)};
const { code, output } = await runChild(process.execPath, ['-e', ${JSON.stringify(childCode)}], ${options});
process.stdout.write('captured ' + JSON.stringify(output) + '\\n');
process.exitCode = stopCode() ?? code;`;
}

function start(program: string) {
  const runner = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [runner.stdout, runner.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const ended = once(runner, 'close').then(([code]) => code as number | null);
  return { runner, ended, read: () => output };
}

describe.skipIf(process.platform === 'win32')('a child of the tool chain', () => {
  test('hands on its exit code', async () => {
    const { ended } = start(runnerOf('process.exit(7)'));
    expect(await ended).toBe(7);
  });

  test('reports the signal that killed it as 128 plus its number', async () => {
    const { ended } = start(runnerOf('process.kill(process.pid, "SIGTERM")'));
    expect(await ended).toBe(143);
  });

  test('has its output collected in order when asked', async () => {
    const { ended, read } = start(runnerOf('console.log("a"); console.log("b")', '{ capture: true }'));
    await ended;
    expect(read()).toBe('captured "a\\nb\\n"\n');
  });

  test('gets one signal for the two copies of one Ctrl-C, and time to clean up', async () => {
    const code = `let n = 0;
process.on('SIGINT', () => { n += 1; setTimeout(() => { console.log('signals ' + n); process.exit(0); }, 400); });
console.log('ready'); setInterval(() => {}, 1000);`;
    const { runner, ended, read } = start(runnerOf(code));
    await expect.poll(() => read()).toContain('ready');
    runner.kill('SIGINT');
    runner.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(read()).toContain('signals 1');
  });

  test('takes with it what it started when a signal ends it', async () => {
    const code = `const { spawn } = require('node:child_process');
const stubborn = 'process.on("SIGINT", () => {}); console.log("ready"); setInterval(() => {}, 1000)';
spawn(process.execPath, ['-e', stubborn], { stdio: 'inherit' }); setInterval(() => {}, 1000);`;
    const { runner, ended, read } = start(runnerOf(code));
    await expect.poll(() => read()).toContain('ready');
    runner.kill('SIGINT');
    // The output closes when the last process that holds it is gone.
    expect(await ended).toBe(130);
  });

  test('is killed at once when its work is disposable', async () => {
    const code = "process.on('SIGINT', () => {}); console.error('ready'); setInterval(() => {}, 1000);";
    const { runner, ended, read } = start(runnerOf(code, '{ disposable: true }'));
    await expect.poll(() => read()).toContain('ready');
    runner.kill('SIGINT');
    expect(await ended).toBe(130);
  });

  test('cannot keep a captured run waiting through what it left running', async () => {
    const code = `const { spawn } = require('node:child_process');
spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' }).unref();
console.log('done'); process.exit(0);`;
    const { ended } = start(runnerOf(code, '{ capture: true }'));
    expect(await ended).toBe(0);
  });
});
