import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { ToolFailure } from '../provision/fail.mjs';
import { inRepository, stateFolder } from '../provision/repository.mjs';
import { findTool } from '../provision/tools.mjs';

const source = 'sdk/plugin-sdk';
const target = 'apps/cli/dist/plugin-sdk';
const entries = { index: 'index', 'testing/index': 'testing/index' };

/**
 * Packs the SDK as `npm install` takes it, for `optimus plugin create` to put into what it makes: what the SDK has of this repository
 * is bundled in, its other dependencies stay what they are.
 *
 * @returns {Promise<string[]>} the written files, relative to the repository
 */
export async function packSdk() {
  await mkdir(stateFolder, { recursive: true });
  const folder = await mkdtemp(path.join(stateFolder, 'plugin-sdk-'));
  try {
    const dependencies = await writeModules(folder);
    await writeDeclarations(folder);
    await writePackage(folder, dependencies);
    const archive = pack(folder);
    await mkdir(inRepository(target), { recursive: true });
    for (const name of await readdir(inRepository(target))) {
      if (name !== archive) await rm(inRepository(target, name));
    }
    await rename(path.join(folder, archive), inRepository(target, archive));
    return [path.join(target, archive)];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} folder
 * @returns {Promise<Record<string, string>>} the dependencies that stay outside
 */
async function writeModules(folder) {
  const { dependencies } = await readPackage(inRepository(source, 'package.json'));
  const outside = Object.entries(dependencies).filter(([name]) => !name.startsWith('@optimus/'));
  await esbuild.build({
    absWorkingDir: inRepository(source),
    entryPoints: Object.fromEntries(Object.values(entries).map((name) => [name, `src/${name}.ts`])),
    outdir: path.join(folder, 'dist'),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    conditions: ['source'],
    external: outside.flatMap(([name]) => [name, `${name}/*`]),
    logLevel: 'silent',
  });
  return Object.fromEntries(outside);
}

/** Copies the declarations that the entries reach; what they do not is no promise. @param {string} folder */
async function writeDeclarations(folder) {
  runNode([findTool('tsc'), '-b', inRepository(source)], 'the declarations of the SDK');
  const seen = new Set(Object.values(entries).map((name) => `${name}.d.ts`));
  for (const name of seen) {
    const text = await readFile(inRepository(source, 'dist', name), 'utf8');
    if (text.includes('@optimus/'))
      throw new ToolFailure(`${name} of the SDK shows types that are not shipped`);
    for (const [, reached = ''] of text.matchAll(/ from '(\.[^']+)\.ts'/g)) {
      seen.add(path.join(path.dirname(name), `${reached}.d.ts`));
    }
    const file = path.join(folder, 'dist', name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text.replaceAll(/( from '\.[^']+)\.ts'/g, "$1.js'"));
  }
}

/**
 * @param {string} folder
 * @param {Record<string, string>} dependencies
 */
async function writePackage(folder, dependencies) {
  const { name, version, description, license, type } = await readPackage(
    inRepository(source, 'package.json'),
  );
  const exports = {
    '.': { types: './dist/index.d.ts', default: './dist/index.js' },
    './testing': { types: './dist/testing/index.d.ts', default: './dist/testing/index.js' },
  };
  const engines = { node: '>=22.18' };
  const text = { name, version, description, license, type, engines, exports, files: ['dist'], dependencies };
  await writeFile(path.join(folder, 'package.json'), `${JSON.stringify(text, undefined, 2)}\n`);
  await writeFile(path.join(folder, 'LICENSE'), await readFile(inRepository('LICENSE')));
}

/**
 * @param {string} folder
 * @returns {string} name of the archive
 */
function pack(folder) {
  const npm = process.env['npm_execpath'];
  const [program, ...first] = npm?.endsWith('.js') ? [process.execPath, npm] : ['npm'];
  return run([program, ...first, 'pack', '--silent'], { cwd: folder, what: 'the archive of the SDK' }).trim();
}

/**
 * @param {readonly string[]} args
 * @param {string} what
 */
function runNode(args, what) {
  return run([process.execPath, ...args], { cwd: inRepository(), what });
}

/**
 * @param {readonly string[]} command
 * @param {{ cwd: string, what: string }} options
 */
function run([program = '', ...args], { cwd, what }) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (status === 0) return stdout;
  throw new ToolFailure(
    `${what}: ${program} ${args.join(' ')} failed:\n${error?.message ?? stdout + stderr}`,
  );
}

/**
 * @param {string} file
 * @returns {Promise<{ name: string, version: string, description: string, license: string, type: string, dependencies: Record<string, string> }>}
 */
async function readPackage(file) {
  return JSON.parse(await readFile(file, 'utf8'));
}
