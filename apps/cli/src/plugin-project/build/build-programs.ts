import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { OptimusError } from '@optimus/domain';
import type { PluginProject } from '../plugin-project.ts';
import { buildGoProgram } from './go-program.ts';
import { buildStandaloneProgram } from './standalone-program.ts';
import { formatPlatform, type TargetPlatform, toProgramName } from './target-platform.ts';
import { bundleTypeScript } from './typescript-bundle.ts';

/** What is built, for which platforms, in which form. */
export interface ProgramsRequest {
  readonly project: PluginProject;
  readonly version: string;
  /** Reference of the image that the plugin names. */
  readonly image: string;
  readonly targets: readonly TargetPlatform[];
  /** TypeScript only: executables that need no Node. Go's never need anything. */
  readonly isStandalone: boolean;
  /** Folder to write to. */
  readonly folder: string;
}

/** An executable that was built. */
export interface BuiltProgram {
  readonly target: TargetPlatform;
  /** Name within the folder. */
  readonly name: string;
}

/** Builds the executables, one after the other: compilers use all cores by themselves. */
export async function buildPrograms(request: ProgramsRequest): Promise<readonly BuiltProgram[]> {
  if (request.project.language === 'typescript' && !request.isStandalone) return writeScripts(request);
  const build = request.project.language === 'go' ? buildGoProgram : buildStandaloneProgram;
  const programs = request.targets.map((target) => toProgram(request, target));
  for (const { target, name } of programs) {
    await build({ ...request, target, output: path.join(request.folder, name) });
  }
  return programs;
}

/** One bundle is the program of every platform that runs a file by its first line. */
async function writeScripts(request: ProgramsRequest): Promise<readonly BuiltProgram[]> {
  for (const target of request.targets) assertRunsScripts(target);
  const bundle = await bundleTypeScript(request.project, { ...request, form: 'script' });
  const programs = request.targets.map((target) => toProgram(request, target));
  for (const { name } of programs) await writeFile(path.join(request.folder, name), bundle, { mode: 0o755 });
  return programs;
}

function assertRunsScripts(target: TargetPlatform): void {
  if (target.os !== 'windows') return;
  throw new OptimusError('REQUEST_INVALID', {
    message: `${formatPlatform(target)}: Windows starts no script by its first line`,
    hint: 'build it with --standalone',
  });
}

function toProgram({ project, version }: ProgramsRequest, target: TargetPlatform): BuiltProgram {
  return { target, name: toProgramName({ name: project.name, version }, target) };
}
