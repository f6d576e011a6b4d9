import { OptimusError } from '@optimus/domain';
import { canRun, runTool } from './run-tool.ts';

/** What builds images here. */
export const IMAGE_ENGINES = ['docker', 'podman'] as const;
export type ImageEngine = (typeof IMAGE_ENGINES)[number];

/** The engine of `--engine`, else the first that answers. @throws OptimusError `PRECONDITION_FAILED` when none does */
export async function findImageEngine(given: ImageEngine | undefined): Promise<ImageEngine> {
  const candidates = given === undefined ? IMAGE_ENGINES : [given];
  for (const engine of candidates) if (await canRun(engine, ['info'])) return engine;
  throw new OptimusError('PRECONDITION_FAILED', {
    message: `no image can be built: ${candidates.join(' and ')} ${given ? 'does' : 'do'} not answer \`info\``,
    hint: 'start Docker, install podman, or build without --image',
  });
}

/** Builds the image of a Dockerfile at the reference. */
export async function buildImage(
  engine: ImageEngine,
  image: {
    readonly reference: string;
    /** Absolute path. */
    readonly dockerfile: string;
    /** Folder that the Dockerfile copies from. */
    readonly context: string;
    readonly args?: Readonly<Record<string, string>>;
  },
): Promise<void> {
  const args = Object.entries(image.args ?? {}).flatMap(([name, value]) => [
    '--build-arg',
    `${name}=${value}`,
  ]);
  await runTool({
    program: engine,
    args: ['build', '--tag', image.reference, '--file', image.dockerfile, ...args, image.context],
    cwd: image.context,
    purpose: `build ${image.reference}`,
    hint: 'see the Dockerfile, and that the images it is made from can be pulled',
  });
}

/** Architecture of an image in Go's words. */
export async function getImageArchitecture(engine: ImageEngine, reference: string): Promise<string> {
  const output = await runTool({
    program: engine,
    args: ['image', 'inspect', '--format', '{{.Architecture}}', reference],
    cwd: process.cwd(),
    purpose: `say what ${reference} is built for`,
    hint: 'build it again',
  });
  return output.trim();
}

/** Sends an image to the registry that its reference names. */
export async function pushImage(engine: ImageEngine, reference: string): Promise<void> {
  await runTool({
    program: engine,
    args: ['push', reference],
    cwd: process.cwd(),
    purpose: `push ${reference}`,
    hint: `log in with \`${engine} login\`; the repository is the "image" of the project file`,
  });
}
