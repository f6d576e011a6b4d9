import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PluginFolder, patience, readFailure, toFileName } from './testing/plugin-folder.ts';

let folder: PluginFolder;

beforeEach(() => {
  folder = new PluginFolder();
});

afterEach(() => folder[Symbol.asyncDispose]());

/** Notes its process id, so that a test can see it gone. */
const notePid = () => `echo $$ > '${path.join(folder.path, 'pid')}'`;

test.each([
  ['prints a greeting', 'echo hello; exec sleep 600', /its first output was "hello"/],
  ['prints JSON', `echo '{"a":1}'; exec sleep 600`, /did not start as an Optimus plugin/],
  ['speaks another core protocol', `echo '2|1|unix|/tmp/p|grpc'; exec sleep 600`, /core protocol 2/],
  ['speaks another plugin protocol', `echo '1|9|unix|/tmp/p|grpc'; exec sleep 600`, /plugin protocol 9/],
  ['speaks net/rpc', `echo '1|1|unix|/tmp/p|netrpc'; exec sleep 600`, /old net\/rpc transport/],
  [
    'announces a network unheard of',
    `echo '1|1|udp|127.0.0.1:1|grpc'; exec sleep 600`,
    /unusable address "udp 127\.0\.0\.1:1"/,
  ],
  [
    'announces a socket that is not there',
    `echo '1|1|unix|/tmp/no-such-socket|grpc'; exec sleep 600`,
    /does not say who it is: .*ENOENT/,
  ],
  ['ends without a word', 'exit 0', /ended before it was ready \(exit code 0\)$/],
  [
    'ends with an explanation',
    'echo "no such library" >&2; exit 127',
    /exit code 127\)\nIts last log lines:\nno such library$/,
  ],
  ['ends in the middle of a line', 'printf "1|1|un"; exit 3', /exit code 3\)\nIts output: "1\|1\|un"$/],
  ['is killed', 'kill -9 $$', /ended before it was ready \(signal SIGKILL\)/],
  [
    'belongs to another program',
    'echo "This binary is a plugin. These are not meant to be executed directly." >&2; exit 1',
    /refused to start: it belongs to another program \(magic cookie mismatch\)/,
  ],
  [
    'floods its output',
    'head -c 70000 /dev/zero | tr "\\0" x; exec sleep 600',
    /wrote 16 KiB without a handshake line; it was killed/,
  ],
])('says so when a plugin %s', async (_, body, message) => {
  folder.addScript('bad', body);
  const reason = await readFailure(folder.createHost());
  expect(reason).toContain(`plugin bad (${path.join(folder.path, toFileName('bad'))}): `);
  expect(reason.split('; check')[0]).toMatch(message);
});

test.each([
  ['never says anything', '', /did not finish starting within 1 s \(no handshake line\)$/],
  [
    'never ends its line',
    'printf "1|1|unix|/tmp/p|grpc"',
    /no handshake line\); so far it wrote "1\|1\|unix\|\/tmp\/p\|grpc"$/,
  ],
])('gives up on a plugin that %s, and kills it', async (_, body, message) => {
  folder.addScript('bad', `${notePid()}\n${body}\nexec sleep 600`);
  expect(await readFailure(folder.createHost({ startTimeoutMs: 1000 }))).toMatch(message);
  const pid = Number(await readText('pid'));
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

async function readText(name: string): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return readFile(path.join(folder.path, name), 'utf8');
}

test('the report of a crash begins with its reason, however long the stack', async () => {
  folder.addScript('bad', 'echo "panic: nil pointer" >&2; seq 100 >&2; exit 2');
  expect(await readFailure(folder.createHost())).toMatch(/Its last log lines:\npanic: nil pointer\n1\n2\n/);
  expect(folder.log.entries).toContainEqual(expect.objectContaining({ level: 'error', message: '100' }));
});

test('a shell never gets to run what is no program', async () => {
  const canary = path.join(folder.path, 'canary');
  folder.addFile(toFileName('text'), `touch '${canary}'\n`);
  expect(await readFailure(folder.createHost())).toContain('is not a program this system can run');
  expect(existsSync(canary)).toBe(false);
});

test.each([
  ['nameless', /reports no name, no image, no version/],
  ['typeless', /reports an unknown type \(7\)/],
  ['hook', /is a hook but reports no hook type/],
  ['silent', /speaks no known Optimus plugin API \(it does not list its services\)/],
  ['not-serving', /says that it is not serving/],
  ['crash-at-info', /ended before it was ready \(exit code 2\)\nIts last log lines:\npanic: nil pointer/],
])('refuses a plugin that is %s', async (mode, message) => {
  folder.addFixture('bad', 'bare-plugin.mjs', mode);
  expect(await readFailure(folder.createHost())).toMatch(message);
});

test('says that a plugin does not serve a mod it declares', async () => {
  folder.addFixture('bare', 'bare-plugin.mjs', 'cli');
  await expect(folder.createHost().getQuestions('task', 'bare', 'job')).rejects.toMatchObject({
    code: 'PLUGIN_UNUSABLE',
    message: expect.stringContaining('declares "cli" but does not serve it'),
  });
});

test('explains a request that is too large for a plugin written in Go', async () => {
  folder.addFixture('bare', 'bare-plugin.mjs', 'cli', 'serve-cli', 'small');
  const request = {
    jobName: 'big-job',
    config: [],
    assets: [{ name: 'big', value: 'x'.repeat(5_000_000) }],
    window: { size: '24h', offset: '0', truncateTo: '' },
    interval: { start: new Date(0), end: new Date(1) },
    scheduledAt: new Date(1),
  };
  await expect(folder.createHost().compileAssets('task', 'bare', request)).rejects.toMatchObject({
    code: 'MESSAGE_TOO_LARGE',
    message: expect.stringContaining(
      'configuration and assets of job big-job are too large: the request of CompileAssets has 4.8 MiB; this plugin accepts 4 MiB',
    ),
  });
});

test('does not start a plugin again and again that has just failed to', async () => {
  const starts = path.join(folder.path, 'starts');
  folder.addScript('bad', `echo x >> '${starts}'; exit 1`);
  const host = folder.createHost();
  for (let time = 0; time < 5; time++) await readFailure(host);
  expect(await readText('starts')).toBe('x\n');
});

test('a grandchild that holds the pipes open delays nothing', async () => {
  folder.addScript('bad', 'sleep 600 & echo $! > "$0.pid"; echo "gone wrong" >&2; exit 4');
  expect(await readFailure(folder.createHost())).toMatch(/exit code 4\)\nIts last log lines:\ngone wrong/);
  // Still alive: nobody has waited for it.
  process.kill(Number(await readText(`${toFileName('bad')}.pid`)), 'SIGKILL');
});

test.each([
  ['refuse', { code: 'PLUGIN_REFUSED', message: expect.stringMatching(/: dataset not found$/) }],
  ['status', { code: 'PLUGIN_REFUSED', message: expect.stringMatching(/: bad date$/) }],
  [
    'hang',
    { code: 'PLUGIN_TIMEOUT', message: expect.stringContaining('did not answer GetQuestions within 1 s') },
  ],
])('a call that ends in "%s" fails alone, and the plugin goes on', async (jobName, error) => {
  folder.addFixture('sample', 'sdk-plugin.mjs');
  const host = folder.createHost({ timeouts: { askMs: 1000 } });
  const [before] = await host.getQuestions('task', 'sample', 'job');
  await expect(host.getQuestions('task', 'sample', jobName)).rejects.toMatchObject(error);
  const [after] = await host.getQuestions('task', 'sample', 'job');
  expect(after?.prompt).toBe(before?.prompt);
});

test('a plugin killed between calls is there again for the next one', async () => {
  folder.addFixture('sample', 'sdk-plugin.mjs');
  const host = folder.createHost();
  const [before] = await host.getQuestions('task', 'sample', 'job');
  process.kill(Number(before?.prompt), 'SIGKILL');
  await vi.waitFor(() => {
    expect(folder.log.entries.map(({ message }) => message)).toContain(
      'ended by itself (signal SIGKILL); the next use starts it again',
    );
  }, patience);
  const [after] = await host.getQuestions('task', 'sample', 'job');
  expect(after?.prompt).not.toBe(before?.prompt);
});

test('a request that crashes the plugin is tried once more, then reported with the exit', async () => {
  folder.addFixture('sample', 'sdk-plugin.mjs');
  const host = folder.createHost();
  await expect(host.getQuestions('task', 'sample', 'crash')).rejects.toMatchObject({
    code: 'PLUGIN_CRASHED',
    message: expect.stringContaining('crashed during GetQuestions (exit code 7)'),
  });
  expect(folder.log.entries.filter(({ message }) => message.startsWith('ended by itself'))).toHaveLength(2);
  expect(await host.find('task', 'sample')).toMatchObject({ name: 'sample' });
});

test('a plugin that crashes for the fifth time is given up, and says until when', async () => {
  folder.addFixture('sample', 'sdk-plugin.mjs');
  const host = folder.createHost();
  const crash = () => host.getQuestions('task', 'sample', 'crash');
  for (let time = 0; time < 2; time++)
    await expect(crash()).rejects.toMatchObject({ code: 'PLUGIN_CRASHED' });
  await expect(crash()).rejects.toMatchObject({
    code: 'PLUGIN_CRASHED',
    message: expect.stringMatching(/crashed 5 times; it is not started again before 20\d\d-/),
  });
  expect(folder.log.entries.filter(({ message }) => message.startsWith('ended by itself'))).toHaveLength(5);
}, 30_000);

test('what a plugin prints past its library is only noted', async () => {
  folder.addFixture('bare', 'bare-plugin.mjs', 'cli', 'serve-cli', 'prints');
  await folder.createHost().getQuestions('task', 'bare', 'job');
  await vi.waitFor(() => {
    expect(folder.log.entries).toContainEqual({
      level: 'debug',
      message: 'printed to the pipe',
      fields: { plugin: 'bare', stream: 'stdout' },
    });
  }, patience);
});

test('a plugin that may be stopped by its own output is said to be old when it hangs', async () => {
  folder.addFixture('bare', 'bare-plugin.mjs', 'cli', 'serve-cli', 'hang');
  const host = folder.createHost({ timeouts: { askMs: 500 } });
  await expect(host.getQuestions('task', 'bare', 'job')).rejects.toMatchObject({
    code: 'PLUGIN_TIMEOUT',
    hint: expect.stringContaining('large console output can block it'),
  });
});

test('says that there are too many open files', async () => {
  folder.addFixture('sample', 'sdk-plugin.mjs');
  const program = fileURLToPath(new URL('./fixtures/full-host.mjs', import.meta.url));
  const script = `ulimit -n 100; exec '${process.execPath}' --conditions=source '${program}' '${folder.path}'`;
  const { stdout } = await promisify(execFile)('/bin/sh', ['-c', script]);
  expect(stdout).toContain('cannot start: too many open files');
});
