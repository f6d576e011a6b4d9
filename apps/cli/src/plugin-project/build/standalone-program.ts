import { chmod, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { OptimusError } from '@optimus/domain';
import { findNodeBinary } from './node-binary.ts';
import type { ProgramRequest } from './program-request.ts';
import { findProjectFile } from './project-modules.ts';
import { runTool } from './run-tool.ts';
import { formatPlatform, type TargetPlatform } from './target-platform.ts';
import { bundleTypeScript } from './typescript-bundle.ts';

/** The bytes by which Node knows that a program was put into it. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/**
 * Builds a plugin in TypeScript as one executable that needs no Node: a copy of Node with the bundle in it.
 * @throws OptimusError `PRECONDITION_FAILED` for macOS from elsewhere, where it could not be signed, and without a fitting Node
 */
export async function buildStandaloneProgram(request: ProgramRequest): Promise<void> {
  const { project, target, output } = request;
  assertSignable(target);
  const node = await findNodeBinary(target);
  await assertTakesProgram(node);
  const folder = await mkdtemp(path.join(tmpdir(), 'optimus-standalone-'));
  try {
    const blob = await makeBlob(request, folder);
    await copyFile(node, output);
    await chmod(output, 0o755);
    if (target.os === 'darwin') await sign(output, ['--remove-signature']);
    const injector = findProjectFile(project, 'postject/dist/cli.js');
    await inject({ injector, output, blob, target });
    if (target.os === 'darwin') await sign(output, ['--sign', '-']);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** macOS runs nothing that is not signed, and only macOS signs. */
function assertSignable(target: TargetPlatform): void {
  if (target.os !== 'darwin' || process.platform === 'darwin') return;
  throw new OptimusError('PRECONDITION_FAILED', {
    message: `${formatPlatform(target)} cannot be built standalone here: macOS must sign it`,
    hint: 'build it on a Mac, or without --standalone',
  });
}

async function assertTakesProgram(node: string): Promise<void> {
  if ((await readFile(node)).includes(FUSE)) return;
  throw new OptimusError('PRECONDITION_FAILED', {
    message: `${node} cannot hold a program: it was built without that ability`,
    hint: 'run optimus with Node as nodejs.org or npm has it',
  });
}

async function makeBlob(request: ProgramRequest, folder: string): Promise<string> {
  const main = path.join(folder, 'main.js');
  const output = path.join(folder, 'program.blob');
  const config = path.join(folder, 'sea.json');
  await writeFile(main, await bundleTypeScript(request.project, { ...request, form: 'embedded' }));
  await writeFile(config, JSON.stringify({ main, output, disableExperimentalSEAWarning: true }));
  await runTool({
    program: process.execPath,
    args: ['--experimental-sea-config', config],
    cwd: folder,
    purpose: 'prepare the program for a copy of itself',
    hint: 'run optimus with Node 22.18 or later',
  });
  return output;
}

async function inject(files: {
  readonly injector: string;
  readonly output: string;
  readonly blob: string;
  readonly target: TargetPlatform;
}): Promise<void> {
  const { injector, output, blob, target } = files;
  const segment = target.os === 'darwin' ? ['--macho-segment-name', 'NODE_SEA'] : [];
  await runTool({
    program: process.execPath,
    args: [injector, output, 'NODE_SEA_BLOB', blob, '--sentinel-fuse', FUSE, ...segment],
    cwd: path.dirname(output),
    purpose: 'put the program into a copy of itself',
    hint: 'see that there is room on the disk',
  });
}

async function sign(file: string, args: readonly string[]): Promise<void> {
  await runTool({
    program: 'codesign',
    args: [...args, file],
    cwd: path.dirname(file),
    purpose: 'sign the program',
    hint: 'install the command line tools of Xcode',
  });
}
