import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { isGone } from './testing/is-gone.ts';
import { compileCache, PluginFolder, patience } from './testing/plugin-folder.ts';

const program = fileURLToPath(new URL('./fixtures/host-program.mjs', import.meta.url));
let folder: PluginFolder;

beforeEach(() => {
  folder = new PluginFolder();
  folder.addFixture('sample', 'sdk-plugin.mjs');
});

afterEach(() => folder[Symbol.asyncDispose]());

/** Starts a program whose host has started a plugin. */
async function startProgram(ending: string) {
  const child = spawn(process.execPath, ['--conditions=source', program, folder.path, ending], {
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const exited = once(child, 'exit');
  const [line] = await once(child.stdout, 'data');
  return { child, exited, pluginPid: Number(String(line)) };
}

test.each([
  ['exit', 3],
  ['throw', 1],
])('no plugin outlives a program that ends by %s', async (ending, code) => {
  const { exited, pluginPid } = await startProgram(ending);
  expect(await exited).toEqual([code, null]);
  await vi.waitFor(() => expect(isGone(pluginPid)).toBe(true), patience);
});

test.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL'] as const)(
  'no plugin outlives a program that %s ends',
  async (signal) => {
    const { child, exited, pluginPid } = await startProgram('stay');
    child.kill(signal);
    expect(await exited).toEqual([null, signal]);
    await vi.waitFor(() => expect(isGone(pluginPid)).toBe(true), patience);
  },
);
