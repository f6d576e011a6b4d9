import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type ContainerEngine, startContainerEngine } from '@optimus/executors/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFilesWith } from './stage/find-files-with.ts';
import { type GatedFeed, startGatedFeed } from './stage/gated-feed.ts';
import { awaitState, days, mustRun, prepareWeek, readLogs, readRuns, ticks } from './stage/neo-week.ts';
import type { ServerProcess } from './stage/server-process.ts';
import { type Stage, setStage } from './stage/stage.ts';
import { checkout } from './stage/stage-folder.ts';
import { waitUntil } from './stage/wait-until.ts';

const apiKey = 'key-of-the-containers';
const found = await startContainerEngine();
const why = 'missing' in found ? ` (skipped: there is no ${found.missing})` : '';

describe.skipIf('missing' in found)(`a week of wrapped images, the server killed in the middle${why}`, () => {
  let engine: ContainerEngine;
  let stage: Stage;
  let feed: GatedFeed;
  let server: ServerProcess;

  beforeAll(async () => {
    if ('missing' in found) return;
    engine = found;
    [stage, feed] = await Promise.all([setStage(), startGatedFeed(apiKey)]);
    await importWrappedImage(engine, stage, feed);
    await stage.configure({ executor: { type: 'docker', docker: toSettings(engine) } });
    server = await stage.startServer();
    await prepareWeek(stage, apiKey);
    await mustRun(stage, ['deploy']);
    await killInTheMiddle();
    server = await stage.startServer();
    feed.open();
    await awaitState(stage, 'success', ticks.length);
    await waitUntil('nothing of an attempt is left but its log', async () => {
      const files = await readdir(path.join(stage.dataDir, 'runs'), { recursive: true });
      return !files.some((file) => file.endsWith('.json'));
    });
  }, 300_000);

  afterAll(async () => {
    await feed.stop();
    await stage.clear();
    await engine.stop();
  });

  /** Three containers wait for the feed; two of them go on and end while no server is there to see it. */
  async function killInTheMiddle(): Promise<void> {
    await feed.awaitWaiting(3);
    await server.end('SIGKILL');
    feed.letPass(2);
  }

  it('ends with exactly the seven runs, each a success', async () => {
    const runs = await readRuns(stage);
    expect(runs.map(({ scheduledAt, state }) => [scheduledAt, state])).toEqual(
      ticks.map((tick) => [tick, 'success']),
    );
  });

  it('starts no task twice: the feed was asked once for each day', () => {
    expect([...feed.asked()].sort()).toEqual(days);
  });

  it("lays down the context of each run by the guide's own entrypoint, and runs the executor with it", async () => {
    const logs = await readLogs(stage);
    for (const [index, log] of logs.entries()) {
      const day = days[index];
      expect(log).toMatch(/^-- initializing optimus assets\n/);
      expect(log).toContain('JOB_DIR=/job\n');
      expect(log).toMatch(new RegExp(`-- running unit\nfor date range ${day}.* - .*\n`));
    }
  });

  it('shows the secret in no log, and leaves it nowhere on the disk of the server', async () => {
    const logs = await readLogs(stage);
    // The guide's entrypoint prints its whole environment, the key among it.
    expect(logs.every((log) => log.includes('SECRET_KEY=***'))).toBe(true);
    expect(await findFilesWith(stage.dataDir, apiKey)).toEqual([]);
  });

  it('leaves no container behind', async () => {
    expect(await engine.listContainers()).toEqual([]);
  });
});

function toSettings({ address }: ContainerEngine): Readonly<Record<string, unknown>> {
  return { engine: address, pull_policy: 'never', max_running: 3 };
}

/** The wrapped image of the guide: the executor of the neo task, the command at /opt/optimus, and the guide's entrypoint around them. */
async function importWrappedImage(engine: ContainerEngine, stage: Stage, feed: GatedFeed): Promise<void> {
  const launcher = path.join(stage.folder, 'optimus');
  await writeFile(launcher, '#!/bin/sh\nexec /usr/bin/node /opt/cli/bin/optimus.mjs "$@"\n', { mode: 0o755 });
  await engine.importImage('docker.io/library/optimus-task-neo-executor:0.1.0', {
    // The guide's entrypoint needs a shell that knows `source`.
    programs: {
      '/bin/sh': '/bin/bash',
      '/bin/sleep': '/bin/sleep',
      '/usr/bin/printenv': '/usr/bin/printenv',
      '/usr/bin/node': process.execPath,
    },
    files: {
      '/opt/optimus': launcher,
      '/opt/cli/bin': path.join(checkout, 'apps/cli/bin'),
      '/opt/cli/dist': path.join(checkout, 'apps/cli/dist'),
      '/opt/neo': path.join(checkout, 'plugins/neo/executor'),
      '/opt/entrypoint.sh': path.join(checkout, 'tests/e2e/stage/document-entrypoint.sh'),
    },
    changes: [
      'USER node',
      `ENV NEO_API_HOST=${feed.url}`,
      'ENTRYPOINT ["/opt/entrypoint.sh"]',
      'CMD ["node", "/opt/neo/main.mjs"]',
    ],
  });
}
