import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { describe, expect, test } from 'vitest';
import { createRepository } from '../testing/temporary-repository.ts';
import { listBundles, toExecutable } from './bundles.mjs';

const program = `import { basename } from 'node:path';
import { greet } from './greet.cjs';
console.log(greet(basename(import.meta.url)), import.meta.main, ...process.argv.slice(2));
`;
const commonModule = "const { sep } = require('path');\nexports.greet = (name) => name + ' ' + sep.length;\n";

async function bundle(): Promise<Uint8Array> {
  const root = createRepository({ 'main.ts': program, 'greet.cjs': commonModule });
  const options = toExecutable({ entry: path.join(root, 'main.ts'), outfile: path.join(root, 'out') });
  const { outputFiles = [] } = await esbuild.build(options);
  return outputFiles[0]?.contents ?? new Uint8Array();
}

describe.skipIf(process.platform === 'win32')('a plugin executable', () => {
  test.each([
    ['of ES modules', { type: 'module' }],
    ['of CommonJS modules', { type: 'commonjs' }],
    ['that says nothing of modules', {}],
  ])('runs in a folder %s, with Node and CommonJS packages at hand', async (_, manifest) => {
    const root = createRepository({ 'package.json': manifest });
    const file = path.join(root, 'optimus-x_linux_amd64');
    writeFileSync(file, await bundle());
    chmodSync(file, 0o755);
    const { stdout, stderr } = spawnSync(file, ['--flag'], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout).toBe('optimus-x_linux_amd64 1 true --flag\n');
  });
});

test('every plugin folder yields an executable named as plugins are looked for', () => {
  const names = listBundles().map(({ name }) => name);
  expect(names).toContain('optimus');
  const platform = /^optimus-neo_(linux|darwin|windows)_(amd64|arm64)$/;
  expect(names.filter((name) => platform.test(name))).toHaveLength(1);
});

test('a plugin folder with several programs yields an executable for each', () => {
  const names = listBundles().map(({ name }) => name.replace(/_.*/, ''));
  expect(names.filter((name) => name.startsWith('optimus-http'))).toEqual([
    'optimus-http-fail',
    'optimus-http-post',
    'optimus-http-pre',
  ]);
});
