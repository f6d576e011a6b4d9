import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFilesWith } from './stage/find-files-with.ts';
import { canSeeProcesses, readCommandLines } from './stage/find-leftovers.ts';
import { type GatedFeed, startGatedFeed } from './stage/gated-feed.ts';
import { awaitState, jobName, mustRun, prepareWeek, readLogs, ticks } from './stage/neo-week.ts';
import type { ServerProcess } from './stage/server-process.ts';
import { type Stage, setStage, toNeoCommand } from './stage/stage.ts';

const apiKey = 'cV7-never-to-be-seen-Q2';

describe('the value of a secret', () => {
  let stage: Stage;
  let feed: GatedFeed;
  let server: ServerProcess;
  let commandLines: readonly string[] = [];

  beforeAll(async () => {
    [stage, feed] = await Promise.all([setStage(), startGatedFeed(apiKey)]);
    await stage.configure({ neoCommand: toNeoCommand(feed.url) });
    server = await stage.startServer();
    await prepareWeek(stage, apiKey);
    await mustRun(stage, ['deploy']);
    await feed.awaitWaiting(1);
    if (canSeeProcesses) commandLines = await readCommandLines();
    feed.open();
    await awaitState(stage, 'success', ticks.length);
  });

  afterAll(async () => {
    await feed.stop();
    await stage.clear();
  });

  it('is in no log of a task', async () => {
    expect((await readLogs(stage)).join('')).not.toContain(apiKey);
  });

  it('is in nothing the server writes', () => {
    expect(server.output()).not.toContain(apiKey);
  });

  it('is in no listing and no error of the CLI', async () => {
    const listing = await mustRun(stage, ['secret', 'list', '--output', 'json']);
    expect(listing).toContain('neo_api_key');
    const table = await mustRun(stage, ['secret', 'list']);
    const again = await stage.optimus(['secret', 'set', 'neo_api_key', '-'], {
      input: JSON.stringify(apiKey),
    });
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('--confirm');
    const shown = await mustRun(stage, ['job', 'show', jobName]);
    expect([listing, table, again.stdout, again.stderr, shown].join('')).not.toContain(apiKey);
  });

  it.skipIf(!canSeeProcesses)('is on no command line while tasks run', () => {
    expect(commandLines.some((line) => line.includes('executor/main.mjs'))).toBe(true);
    expect(commandLines.join('\n')).not.toContain(apiKey);
  });

  it('is in no file once the runs have ended, the database included', async () => {
    await mustRun(stage, ['secret', 'list']);
    expect(await server.end('SIGTERM')).toBe(0);
    expect(await findFilesWith(stage.folder, apiKey)).toEqual([]);
  });
});
