import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { parseReattachments } from './discovery/reattach.ts';
import { createChildEnvironment } from './process/child-environment.ts';
import { PluginFolder, patience, readFailure } from './testing/plugin-folder.ts';

let folder: PluginFolder;

beforeEach(() => {
  folder = new PluginFolder();
});

afterEach(() => folder[Symbol.asyncDispose]());

/** Starts a plugin as a developer does, and says where it listens. */
async function startByHand() {
  const file = folder.addFixture('sample', 'sdk-plugin.mjs');
  const child = spawn(file, {
    env: createChildEnvironment(process.env, folder.path),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = await once(child.stdout, 'data');
  return { child, address: String(line).split('|')[3] ?? '' };
}

const toVariable = (address: string, pid: number) => ({
  OPTIMUS_REATTACH_PLUGINS: JSON.stringify({
    sample: {
      Protocol: 'grpc',
      ProtocolVersion: 1,
      Pid: pid,
      Test: true,
      Addr: { Network: 'unix', String: address },
    },
  }),
});

test('connects to a plugin that runs already and leaves it running', async () => {
  const { child, address } = await startByHand();
  const env = { ...process.env, ...toVariable(address, child.pid ?? 0) };
  const host = folder.createHost({ env });
  const [asked] = await host.getQuestions('task', 'sample', 'pid');
  expect(asked?.prompt).toBe(String(child.pid));
  expect(await host.list()).toMatchObject([
    { path: address, shadows: [expect.stringContaining('optimus-sample')] },
  ]);
  await host.stop();
  expect(child.exitCode).toBeNull();
  child.kill('SIGKILL');
});

test('notices that it has ended', async () => {
  const { child, address } = await startByHand();
  const host = folder.createHost({ env: { ...process.env, ...toVariable(address, child.pid ?? 0) } });
  await host.getQuestions('task', 'sample', 'pid');
  child.kill('SIGKILL');
  await vi.waitFor(() => {
    const messages = folder.log.entries.map(({ message }) => message);
    expect(messages).toContain(
      'ended by itself (exit unknown, as another program started it); the next use starts it again',
    );
  }, patience);
});

test('says that nobody listens where it should', async () => {
  const env = { ...process.env, ...toVariable(path.join(folder.path, 'nothing'), process.pid) };
  expect(await readFailure(folder.createHost({ env }))).toContain('does not say who it is');
});

const good = {
  Protocol: 'grpc',
  ProtocolVersion: 1,
  Pid: 1,
  Addr: { Network: 'tcp', String: '127.0.0.1:1' },
};

test('reads what go-plugin prints', () => {
  const read = parseReattachments(JSON.stringify({ neo: { ...good, Test: true } }));
  expect(read.get('neo')).toEqual({ network: 'tcp', address: '127.0.0.1:1', pid: 1 });
  expect(parseReattachments(undefined).size).toBe(0);
});

test.each([
  ['x', 'it is no JSON object'],
  ['[]', 'it is no JSON object'],
  [JSON.stringify({ neo: 1 }), '"neo" has another Protocol than grpc'],
  [JSON.stringify({ neo: { ...good, ProtocolVersion: 2 } }), '"neo" has another ProtocolVersion than 1'],
  [JSON.stringify({ neo: { ...good, Pid: 'x' } }), '"neo" has no Pid'],
  [JSON.stringify({ neo: { ...good, Addr: { Network: 'udp', String: 'x' } } }), '"neo" has no Addr'],
])('refuses %s', (text, problem) => {
  expect(() => parseReattachments(text)).toThrow(`OPTIMUS_REATTACH_PLUGINS cannot be used: ${problem}`);
});
