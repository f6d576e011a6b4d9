import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { isBuildFresh } from './build/freshness.mjs';
import { runChild } from './provision/child.mjs';
import { areDependenciesFresh, installDependencies } from './provision/dependencies.mjs';
import { assertNotStopped, runMain, ToolFailure } from './provision/fail.mjs';
import { withLock } from './provision/lock.mjs';
import { environmentFor, findNode } from './provision/pinned-node.mjs';
import { showProgress } from './provision/progress.mjs';
import { inRepository, repositoryRoot, stateFolder } from './provision/repository.mjs';

const lockFile = path.join(stateFolder, 'provision.lock');

/**
 * @typedef {object} Toolchain
 * @property {string} node path of the Node that runs the project
 * @property {NodeJS.ProcessEnv} env environment in which `node` and `npx` mean that Node
 */

/**
 * Makes a checkout ready to run: dependencies, the pinned Node and, unless told otherwise, a fresh build.
 * Quiet when there is nothing to do.
 *
 * @param {{ build?: boolean }} [options]
 * @returns {Promise<Toolchain>}
 * @throws {ToolFailure} saying what is missing and the mend
 */
export async function provision({ build = true } = {}) {
  if (!(await areDependenciesFresh())) {
    await withLock(lockFile, async () => {
      if (!(await areDependenciesFresh())) await installDependencies();
    });
  }
  const node = findNode();
  const toolchain = { node, env: environmentFor(node) };
  if (build) await ensureBuild(toolchain);
  return toolchain;
}

/**
 * Builds what is stale.
 *
 * @param {Toolchain} toolchain
 * @throws {ToolFailure} with what the bundler said
 */
export async function ensureBuild({ node, env }) {
  if (await isBuildFresh()) return;
  await withLock(lockFile, async () => {
    if (await isBuildFresh()) return;
    await showProgress({ doing: 'Building', done: 'Built' }, async () => {
      const options = { cwd: repositoryRoot, env, capture: true };
      const { code, output } = await runChild(node, [inRepository('scripts', 'build.mjs')], options);
      assertNotStopped('building');
      if (code !== 0) throw new ToolFailure(`The build failed:\n\n${output.trimEnd()}`);
      process.stderr.write(output);
    });
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await runMain(async () => {
    await provision();
    return 0;
  });
}
