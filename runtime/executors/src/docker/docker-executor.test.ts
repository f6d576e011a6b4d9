import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Executor, SILENT_LOG } from '@optimus/domain';
import { describeExecutor } from '@optimus/domain/testing';
import { afterAll, beforeAll, describe } from 'vitest';
import { createProcessLogStore } from '../process/process-log-store.ts';
import { type ContainerEngine, startContainerEngine } from '../testing/container-engine.ts';
import { toContainerName } from './container-request.ts';
import { createDockerExecutor } from './docker-executor.ts';
import { connectEngine } from './engine.ts';

const engine = await startContainerEngine();
const isMissing = 'missing' in engine;
const why = isMissing ? ` (skipped: there is no ${engine.missing})` : '';
const image = 'localhost/example/shell:1.0';
const owner = { database: 'd1', host: 'h1' };

const inTwoPipes =
  'an engine reads output and errors from two pipes: what is written to both within a moment may change places';

describe.skipIf(isMissing)(`containers${why}`, () => {
  const podman = bind(engine);
  const { address } = podman;

  beforeAll(() =>
    podman.importImage(image, {
      programs: { '/bin/sh': '/bin/sh', '/bin/sleep': '/bin/sleep', '/bin/cat': '/bin/cat' },
      changes: ['ENTRYPOINT ["/bin/sh", "-c", "eval \\"$SCRIPT\\""]'],
    }),
  );
  afterAll(() => podman.stop());

  describeExecutor(
    'docker',
    async () => {
      const dataDir = await mkdtemp(join(tmpdir(), 'executor-'));
      const createExecutor = (): Executor =>
        createDockerExecutor({
          dataDir,
          owner,
          engine: address,
          network: 'host',
          pullPolicy: 'never',
          credentials: {},
          log: SILENT_LOG,
        });
      return {
        createExecutor,
        logs: createProcessLogStore({ dataDir }),
        image,
        async awaitEnd(attemptId) {
          const client = await connectEngine(address);
          await client.getContainer(toContainerName(owner, attemptId)).wait();
        },
        async drop() {
          await createExecutor().discardExcept(new Set());
          await rm(dataDir, { recursive: true, force: true });
        },
      };
    },
    { 'captures output and errors in the order written': inTwoPipes },
  );
});

function bind(found: ContainerEngine | { readonly missing: string }): ContainerEngine {
  return found as ContainerEngine;
}
