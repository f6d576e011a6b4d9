import { OptimusError, toErrorMessage } from '@optimus/domain';
import type Docker from 'dockerode';
import { findStatus, isNotFound, toEngineMessage } from './engine-error.ts';

/** When an image is fetched from its registry. */
export type PullPolicy = 'always' | 'if-not-present' | 'never';

/** How images get onto the engine. */
export interface ImageOptions {
  readonly pullPolicy: PullPolicy;
  /** Registry → `user:password`, as in `{ "ghcr.io": "me:token" }`. Docker Hub is `docker.io`. */
  readonly credentials: Readonly<Record<string, string>>;
}

/** What the engine says of an image that it has. */
export interface PresentImage {
  /** `user`, `user:group`, numbers or names; empty: root. */
  readonly user: string;
}

/** Has the engine get the image when the policy asks for it. @throws OptimusError `IMAGE_NOT_RUNNABLE`, `EXECUTOR_FAILED` */
export async function provideImage(
  engine: Docker,
  image: string,
  { pullPolicy, credentials }: ImageOptions,
): Promise<PresentImage> {
  if (pullPolicy === 'always') await pullImage(engine, image, credentials);
  const present = await findImage(engine, image);
  if (present) return present;
  if (pullPolicy === 'never') throw notRunnable(image, 'is not on the engine, and pull_policy is never');
  await pullImage(engine, image, credentials);
  const pulled = await findImage(engine, image);
  if (pulled) return pulled;
  throw notRunnable(image, 'was pulled and is not there');
}

/** The registry that an image is pulled from: Docker's own unless the reference begins with a host. */
export function toRegistry(image: string): string {
  const [first = '', rest] = image.split('/', 2);
  const isHost = rest !== undefined && (/[.:]/.test(first) || first === 'localhost');
  return isHost ? first : 'docker.io';
}

async function findImage(engine: Docker, image: string): Promise<PresentImage | undefined> {
  try {
    const { Config } = await engine.getImage(image).inspect();
    return { user: Config.User };
  } catch (thrown) {
    if (isNotFound(thrown)) return undefined;
    throw thrown;
  }
}

async function pullImage(
  engine: Docker,
  image: string,
  credentials: Readonly<Record<string, string>>,
): Promise<void> {
  try {
    const authconfig = findCredentials(image, credentials);
    const stream = await engine.pull(withTag(image), authconfig === undefined ? {} : { authconfig });
    const problem = findPullProblem(await readText(stream));
    if (problem !== undefined) throw notRunnable(image, `cannot be pulled: ${problem}`);
  } catch (thrown) {
    if (thrown instanceof OptimusError || findStatus(thrown) === undefined) throw thrown;
    throw notRunnable(image, `cannot be pulled: ${toEngineMessage(thrown)}`);
  }
}

/** Without a tag an engine would pull every one there is. */
function withTag(image: string): string {
  const name = image.slice(image.lastIndexOf('/') + 1);
  return /[:@]/.test(name) ? image : `${image}:latest`;
}

function findCredentials(image: string, credentials: Readonly<Record<string, string>>) {
  const registry = toRegistry(image);
  const found = credentials[registry];
  if (found === undefined) return undefined;
  const colon = found.indexOf(':');
  return { username: found.slice(0, colon), password: found.slice(colon + 1), serveraddress: registry };
}

async function readText(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: string[] = [];
  for await (const chunk of stream) chunks.push(chunk.toString());
  return chunks.join('');
}

/** A pull that fails after it began is answered with status 200, and tells so in one of its lines. */
function findPullProblem(progress: string): string | undefined {
  for (const line of progress.split('\n')) {
    const { error } = parseLine(line);
    if (typeof error === 'string') return error;
  }
  return undefined;
}

function parseLine(line: string): { readonly error?: unknown } {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === 'object' && parsed !== null ? parsed : {};
  } catch (thrown) {
    return line.trim() === '' ? {} : { error: `${line}: ${toErrorMessage(thrown)}` };
  }
}

function notRunnable(image: string, problem: string): OptimusError {
  return new OptimusError('IMAGE_NOT_RUNNABLE', {
    message: `image "${image}" ${problem}`,
    hint: 'see the name and the tag, executor.docker.pull_policy and executor.docker.credentials',
    fields: { image },
  });
}
