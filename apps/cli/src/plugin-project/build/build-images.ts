import { chmod, copyFile, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { OptimusError } from '@optimus/domain';
import type { PluginImages } from '../image-reference.ts';
import { findInstalledFolder } from '../installed-folder.ts';
import type { PluginProject } from '../plugin-project.ts';
import { buildImage, getImageArchitecture, type ImageEngine } from './image-engine.ts';
import { findNodeBinary } from './node-binary.ts';
import { TARGET_PLATFORMS } from './target-platform.ts';

/** The images of one build. */
export interface ImagesRequest {
  readonly project: PluginProject;
  readonly engine: ImageEngine;
  readonly images: PluginImages;
  /** Whether the wrapped one is built too. */
  readonly isWrapped: boolean;
}

/** Builds the executor's image and, when asked, the one around it. Answers their references. */
export async function buildImages(request: ImagesRequest): Promise<readonly string[]> {
  const { images, isWrapped } = request;
  await withContext(request.project, (context) => buildExecutor(request, context));
  if (!isWrapped) return [images.executor];
  await withContext(request.project, (context) => buildWrapped(request, context));
  return [images.executor, images.wrapped];
}

/** A folder laid out like the repository, with nothing in it but what an image is made from. */
async function withContext(project: PluginProject, build: (context: string) => Promise<void>): Promise<void> {
  const context = await mkdtemp(path.join(tmpdir(), `optimus-${project.name}-image-`));
  try {
    await mkdir(path.join(context, placeOf(project)), { recursive: true });
    await build(context);
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}

/** The folder of a plugin in its repository, by which its Dockerfiles name what they copy. */
function placeOf({ kind, name }: PluginProject): string {
  return path.join(kind, name);
}

async function buildExecutor({ project, engine, images }: ImagesRequest, context: string): Promise<void> {
  const executor = path.join(context, placeOf(project), 'executor');
  await cp(path.join(project.folder, 'executor'), executor, { recursive: true });
  const dockerfile = path.join(executor, 'Dockerfile');
  await buildImage(engine, { reference: images.executor, dockerfile, context });
}

async function buildWrapped({ project, engine, images }: ImagesRequest, context: string): Promise<void> {
  const entrypoint = path.join(context, placeOf(project), 'entrypoint.sh');
  await copyFile(path.join(project.folder, 'entrypoint.sh'), entrypoint);
  // As root writes it and everybody runs it, whatever this machine's umask and the author's checkout made of it.
  await chmod(entrypoint, 0o755);
  await writeCommand(path.join(context, 'optimus'), await getImageArchitecture(engine, images.executor));
  await buildImage(engine, {
    reference: images.wrapped,
    dockerfile: path.join(project.folder, 'Dockerfile'),
    context,
    args: { EXECUTOR_IMAGE: images.executor },
  });
}

const LAUNCHER = `#!/bin/sh
exec /opt/optimus-cli/node /opt/optimus-cli/dist/optimus.mjs "$@"
`;

/** The command as an image holds it: this installation's program with a Node of its own, behind the name \`optimus\`. */
async function writeCommand(folder: string, architecture: string): Promise<void> {
  const target = TARGET_PLATFORMS.find(({ os, arch }) => os === 'linux' && arch === architecture);
  if (target === undefined) throw unsupported(architecture);
  const home = path.join(folder, 'optimus-cli');
  await mkdir(home, { recursive: true });
  await copyProgram(path.join(home, 'dist'));
  await copyFile(await findNodeBinary(target), path.join(home, 'node'));
  await chmod(path.join(home, 'node'), 0o755);
  await writeFile(path.join(folder, 'optimus'), LAUNCHER, { mode: 0o755 });
  await chmod(path.join(folder, 'optimus'), 0o755);
}

function unsupported(architecture: string): OptimusError {
  return new OptimusError('PRECONDITION_FAILED', {
    message: `the executor's image is built for ${architecture}, and the optimus command has no Node for it`,
    hint: 'build the image for linux/amd64 or linux/arm64',
  });
}

/** Maps, bundled plugins and the SDK are of no use in an image. */
async function copyProgram(target: string): Promise<void> {
  const source = findInstalledFolder();
  await cp(source, target, {
    recursive: true,
    filter: (file) => {
      const [first = ''] = path.relative(source, file).split(path.sep);
      return first === '' || first === 'assets' || first.endsWith('.mjs');
    },
  }).catch((cause: unknown) => {
    throw new OptimusError('PRECONDITION_FAILED', {
      message: `this installation of optimus has no built program to put into an image: ${String(cause)}`,
      hint: 'build the command with `npm run build`',
      cause,
    });
  });
}
