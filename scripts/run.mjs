import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { check } from './check.mjs';
import { runChild, stopCode } from './provision/child.mjs';
import { runMain, ToolFailure } from './provision/fail.mjs';
import { inRepository, repositoryRoot } from './provision/repository.mjs';
import { findTool } from './provision/tools.mjs';
import { provision } from './provision.mjs';
import { runTests } from './test.mjs';

/**
 * @typedef {object} Command
 * @property {boolean} [build] whether the bundles must be fresh first
 * @property {(toolchain: import('./provision.mjs').Toolchain, args: readonly string[]) => Promise<number>} run
 */

/** What `npm run <name>` does once the checkout is provisioned. */
/** @type {Record<string, Command>} */
const commands = {
  demo: { build: true, run: (toolchain, args) => runSource(toolchain, 'examples/neo/demo.ts', args) },
  test: { run: runTests },
  check: { run: check },
  build: { run: (toolchain, args) => runScript(toolchain, 'scripts/build.mjs', args) },
  bench: { build: true, run: runBenchmarks },
  chaos: { build: true, run: (toolchain, args) => runSource(toolchain, 'tests/chaos/chaos.ts', args) },
  figures: { run: (toolchain, args) => runSource(toolchain, 'scripts/figures.ts', args) },
  imports: { run: (toolchain, args) => runSource(toolchain, 'scripts/check-imports.ts', args) },
  generate: { run: (toolchain, args) => runScript(toolchain, 'proto/generate.mjs', args) },
  types: { run: (toolchain, args) => runScript(toolchain, findTool('tsc'), ['-b', ...args]) },
  lint: { run: (toolchain, args) => runScript(toolchain, findTool('oxlint'), ['--type-aware', ...args]) },
  format: {
    run: (toolchain, args) => runScript(toolchain, findTool('biome'), ['check', '--write', ...args]),
  },
  unused: { run: (toolchain, args) => runScript(toolchain, findTool('knip'), args) },
};

await runMain(async () => {
  const [name = '', ...args] = process.argv.slice(2);
  const command = commands[name];
  if (!command)
    throw new ToolFailure(`Unknown command \`${name}\`; there are: ${Object.keys(commands).join(', ')}.`);
  const toolchain = await provision({ build: command.build ?? false });
  const code = await command.run(toolchain, args);
  return stopCode() ?? code;
});

/**
 * Runs TypeScript of the repository from its sources.
 *
 * @param {import('./provision.mjs').Toolchain} toolchain
 * @param {string} file relative to the repository
 * @param {readonly string[]} args
 */
async function runSource(toolchain, file, args) {
  if (!existsSync(inRepository(file))) throw new ToolFailure(`${file} does not exist.`);
  return runScript(toolchain, file, args, ['--conditions=source']);
}

/**
 * @param {import('./provision.mjs').Toolchain} toolchain
 * @param {string} file relative to the repository
 * @param {readonly string[]} args
 * @param {readonly string[]} [nodeFlags]
 */
async function runScript({ node, env }, file, args, nodeFlags = []) {
  const { code } = await runChild(node, [...nodeFlags, path.resolve(repositoryRoot, file), ...args], {
    cwd: repositoryRoot,
    env,
  });
  return code;
}

/**
 * Runs every `bench/*.bench.ts`, or those whose name contains one of the arguments.
 *
 * @param {import('./provision.mjs').Toolchain} toolchain
 * @param {readonly string[]} args
 */
async function runBenchmarks(toolchain, args) {
  const names = (await readdir(inRepository('bench')).catch(() => [])).filter((name) =>
    name.endsWith('.bench.ts'),
  );
  const chosen = names.filter((name) => args.length === 0 || args.some((arg) => name.includes(arg))).sort();
  if (chosen.length === 0)
    throw new ToolFailure(`No benchmark is called so; bench/ has: ${names.join(', ') || 'none'}.`);
  let worst = 0;
  for (const name of chosen) {
    process.stdout.write(`\n${name}\n`);
    worst = Math.max(worst, await runSource(toolchain, path.join('bench', name), []));
  }
  return worst;
}
