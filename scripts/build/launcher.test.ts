import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { inRepository } from '../provision/repository.mjs';
import { createRepository } from '../testing/temporary-repository.ts';

const launcher = inRepository('apps', 'cli', 'bin', 'optimus.mjs');

function install(files: Readonly<Record<string, string>>): string {
  const root = createRepository({ 'package.json': { type: 'module' }, ...files });
  mkdirSync(path.join(root, 'bin'));
  copyFileSync(launcher, path.join(root, 'bin', 'optimus.mjs'));
  return path.join(root, 'bin', 'optimus.mjs');
}

function run(file: string, args: readonly string[] = [], options = '') {
  // The test may be run with options of its own.
  const env = { ...process.env, NODE_OPTIONS: options };
  return spawnSync(process.execPath, [file, ...args], { encoding: 'utf8', env });
}

test('the command says what to run when it is not built', () => {
  const { status, stderr } = run(install({}));
  expect(stderr).toBe('The optimus command is not built yet: run `npm run build`.\n');
  expect(status).toBe(1);
});

test('the command hands over arguments and exit code', () => {
  const program = 'console.log(...process.argv.slice(2)); process.exitCode = 7;';
  const { status, stdout } = run(install({ 'dist/optimus.mjs': program }), ['job', '--help']);
  expect(stdout).toBe('job --help\n');
  expect(status).toBe(7);
});

test('the command passes for its own program, so that what lies beside that is found', () => {
  const file = install({ 'dist/optimus.mjs': 'console.log(process.argv[1]);' });
  expect(run(file).stdout.trim()).toBe(path.join(path.dirname(file), '../dist/optimus.mjs'));
});

test('the command shows the failure of its own program as it is', () => {
  const { status, stderr } = run(install({ 'dist/optimus.mjs': "await import('./chunk.mjs');" }));
  expect(stderr).toContain('Cannot find module');
  expect(stderr).not.toContain('not built yet');
  expect(status).toBe(1);
});

test('the command can be read by a Node that is too old to run it', () => {
  // What Node 20 cannot parse or link would hide the message that names the needed version.
  const code = readFileSync(launcher, 'utf8');
  const staticImports = [...code.matchAll(/^import .*$/gm)].map(([line]) => line);
  expect(staticImports).toEqual(["import module from 'node:module';", "import path from 'node:path';"]);
});

test.skipIf(process.platform === 'win32')('a server keeps little of what it has just allocated', () => {
  const program = 'console.log(process.execArgv.join(), process.argv.slice(2).join());';
  const file = install({ 'dist/optimus.mjs': program });
  expect(run(file, ['serve', '--port', '1']).stdout).toBe('--max-semi-space-size=16 serve,--port,1\n');
  expect(run(file, ['job', 'list']).stdout).toBe(' job,list\n');
  expect(run(file, ['serve'], '--max-semi-space-size=8').stdout).toBe(' serve\n');
});
