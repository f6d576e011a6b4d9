import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startContainerEngine } from '../testing/container-engine.ts';
import { startRegistry } from '../testing/registry.ts';
import { provideImage, toRegistry } from './docker-image.ts';
import { connectEngine } from './engine.ts';

it.each([
  ['alpine', 'docker.io'],
  ['odpf/optimus-task-bq2bq:0.1', 'docker.io'],
  ['ghcr.io/kushsharma/optimus-task-neo:latest', 'ghcr.io'],
  ['localhost/neo', 'localhost'],
  ['registry:5000/neo@sha256:abc', 'registry:5000'],
])('the registry of %s is %s', (image, registry) => {
  expect(toRegistry(image)).toBe(registry);
});

const registry = await startRegistry('me:let:me');
const podman = await startContainerEngine({ plainRegistry: registry.address });
const why = 'missing' in podman ? ` (skipped: there is no ${podman.missing})` : '';
const image = `${registry.address}/example/image`;
const credentials = { [registry.address]: 'me:let:me' };

afterAll(() => registry.stop());

describe.skipIf('missing' in podman)(`an image${why}`, () => {
  let engine: Docker;
  let folder: string;

  beforeAll(async () => {
    if ('missing' in podman) return;
    engine = await connectEngine(podman.address);
    folder = await mkdtemp(join(tmpdir(), 'executor-'));
    const layout = join(folder, 'layout');
    await podman.importImage(image, { programs: { '/bin/sh': '/bin/sh' }, changes: ['USER node:node'] });
    await podman.saveImage(image, layout);
    registry.serve(layout);
  });
  beforeEach(async () => {
    if (!('missing' in podman)) await podman.removeImage(image);
  });
  afterAll(async () => {
    if (!('missing' in podman)) await podman.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('is pulled when it is not there, with the credentials of its registry, and not again', async () => {
    const before = registry.pulls();
    const options = { pullPolicy: 'if-not-present', credentials } as const;
    expect(await provideImage(engine, image, options)).toEqual({ user: 'node:node' });
    const afterFirst = registry.pulls();
    expect(afterFirst).toBeGreaterThan(before);
    await provideImage(engine, image, options);
    expect(registry.pulls()).toBe(afterFirst);
  });

  it('is asked for each time when the policy is always', async () => {
    const options = { pullPolicy: 'always', credentials } as const;
    await provideImage(engine, image, options);
    const afterFirst = registry.pulls();
    await provideImage(engine, image, options);
    expect(registry.pulls()).toBeGreaterThan(afterFirst);
  });

  it('is never asked for when the policy is never', async () => {
    const before = registry.pulls();
    const provided = provideImage(engine, image, { pullPolicy: 'never', credentials });
    await expect(provided).rejects.toThrow('is not on the engine, and pull_policy is never');
    expect(registry.pulls()).toBe(before);
  });

  it('cannot be had with the wrong password, which no error shows', async () => {
    const wrong = { [registry.address]: 'me:hush-hush' };
    const provided = provideImage(engine, image, { pullPolicy: 'if-not-present', credentials: wrong });
    await expect(provided).rejects.toMatchObject({ code: 'IMAGE_NOT_RUNNABLE' });
    await expect(provided).rejects.toThrow(/cannot be pulled: (?!.*hush)/);
  });
});
