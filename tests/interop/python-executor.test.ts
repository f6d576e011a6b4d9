import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatedFeed, startGatedFeed } from '../e2e/stage/gated-feed.ts';
import { awaitState, mustRun, prepareWeek, readLogs, readRuns, ticks } from '../e2e/stage/neo-week.ts';
import { type Stage, setStage } from '../e2e/stage/stage.ts';
import { executorFolder, preparePython } from './python-environment.ts';

const program = path.join(executorFolder, 'main.py');
const environment = await preparePython();
const python = 'python' in environment ? environment.python : undefined;
const why = 'missing' in environment ? ` (skipped: there is no ${environment.missing})` : '';

describe('the Python executor of the plugin guide', () => {
  it('is the code of the guide to the byte, but for the host of the API', async () => {
    const source = await readFile(program, 'utf8');
    const ofGuide = source.replace(
      'os.environ["NEO_API_HOST"] + "/neo/rest/v1/feed"',
      '"https://api.nasa.gov/neo/rest/v1/feed"',
    );
    const [start = '', details = '', main = ''] = ofGuide.split(
      /(?=^def print_details)|\n\n(?=^if __name__)/m,
    );
    // The digests of the three listings of the guide; the first one ends with the third.
    expect([`${start}${main}`, details, main].map(digest)).toEqual([
      '08ef0ec07d36b9728c768a71bcb396d9b9790d499d26ccb35f325c2ade52a1db',
      '710cc5952458c0c31388e858115b592c823a2c1561014add1fe000a82790101e',
      '1e12500aa2dd9bf6d4464a7c8405a8f1895932c84efb5e2c8d336a01fe2b6495',
    ]);
  });
});

describe.skipIf(python === undefined)(`a week run by the Python executor${why}`, () => {
  const apiKey = 'key-for-python';
  let stage: Stage;
  let feed: GatedFeed;

  beforeAll(async () => {
    [stage, feed] = await Promise.all([setStage(), startGatedFeed(apiKey)]);
    feed.open();
    const neoCommand = ['/usr/bin/env', `NEO_API_HOST=${feed.url}`, python ?? '', program];
    await stage.configure({ neoCommand });
    await stage.startServer();
    await prepareWeek(stage, apiKey);
    await mustRun(stage, ['deploy']);
    await awaitState(stage, 'success', ticks.length);
  });

  afterAll(async () => {
    await feed.stop();
    await stage.clear();
  });

  it('ends each of the seven runs well', async () => {
    const runs = await readRuns(stage);
    expect(runs.map(({ state }) => state)).toEqual(ticks.map(() => 'success'));
  });

  it('counts both ends of each window, as its feed does', async () => {
    const logs = await readLogs(stage);
    const totals = logs.map((log) => /^total tracking: (\d+)$/m.exec(log)?.[1]);
    expect(totals).toEqual(['21', '20', '19', '13', '10', '18', '20']);
  });

  it('prints the form that the guide shows', async () => {
    const [first] = await readLogs(stage);
    expect(first).toMatch(
      /^for date range 2022-09-18T00:00:00Z - 2022-09-19T00:00:00Z\ntotal tracking: 21\npotential hazardous: 3\nName: .+\nEstimated Diameter: [\d.]+ km\nRelative Velocity: [\d.]+ km\/h\n\n\n/,
    );
  });
});

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
