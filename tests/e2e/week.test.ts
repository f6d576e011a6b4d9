import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseNeoLog, sumCounts } from '../../examples/neo/demo/neo-log.ts';
import { canSeeProcesses, findProcesses } from './stage/find-leftovers.ts';
import { type GatedFeed, startGatedFeed } from './stage/gated-feed.ts';
import { awaitState, days, mustRun, prepareWeek, readLogs, readRuns, ticks } from './stage/neo-week.ts';
import { queryDatabase } from './stage/query-database.ts';
import type { ServerProcess } from './stage/server-process.ts';
import { type Stage, setStage, toNeoCommand } from './stage/stage.ts';
import { waitUntil } from './stage/wait-until.ts';

const apiKey = 'key-of-the-week';

describe('a week of runs, the server killed in the middle', () => {
  let stage: Stage;
  let feed: GatedFeed;
  let server: ServerProcess;

  beforeAll(async () => {
    [stage, feed] = await Promise.all([setStage(), startGatedFeed(apiKey)]);
    await stage.configure({ maxRunning: 3, neoCommand: toNeoCommand(feed.url) });
    server = await stage.startServer();
    await prepareWeek(stage, apiKey);
    await mustRun(stage, ['deploy']);
    await killInTheMiddle();
    server = await stage.startServer();
    feed.open();
    await awaitState(stage, 'success', ticks.length);
  });

  afterAll(async () => {
    await feed.stop();
    await stage.clear();
  });

  /** One run has ended, one task ends while no server is there to see it, two run on, three have not begun. */
  async function killInTheMiddle(): Promise<void> {
    await feed.awaitWaiting(3);
    feed.letPass(1);
    await awaitState(stage, 'success', 1);
    await feed.awaitWaiting(3);
    await server.end('SIGKILL');
    feed.letPass(1);
  }

  it('ends with exactly the seven runs, each a success', async () => {
    const runs = await readRuns(stage);
    expect(runs.map(({ scheduledAt, state }) => [scheduledAt, state])).toEqual(
      ticks.map((tick) => [tick, 'success']),
    );
  });

  it('starts no task twice: the feed was asked once for each day', () => {
    expect(feed.asked()).toEqual(days);
  });

  it('leaves in the database one task and one attempt a run, each ended once', async () => {
    const rows = await queryDatabase(
      stage,
      `SELECT count(DISTINCT run.id)::int AS runs, count(DISTINCT run_instance.id)::int AS instances,
              count(DISTINCT attempt.id)::int AS attempts, count(DISTINCT attempt.id) FILTER (WHERE attempt.exit_code = 0)::int AS well
         FROM run JOIN run_instance ON run_instance.run_id = run.id JOIN attempt ON attempt.instance_id = run_instance.id`,
    );
    expect(rows).toEqual([{ runs: 7, instances: 7, attempts: 7, well: 7 }]);
    const events = await queryDatabase(stage, `SELECT run_id FROM run_event WHERE state = 'success'`);
    expect(new Set(events.map((event) => event['run_id'])).size).toBe(7);
    expect(events).toHaveLength(7);
  });

  it('gives each run the window of its day', async () => {
    const runs = await readRuns(stage);
    expect(runs.map((run) => run.windowStart.slice(0, 10))).toEqual(days);
    expect(runs.every((run) => Date.parse(run.windowEnd) - Date.parse(run.windowStart) === 86_400_000)).toBe(
      true,
    );
  });

  it('leaves each log in the exact form, and they add up to 61 objects of which 6 are hazardous', async () => {
    const logs = await readLogs(stage);
    expect(logs.map((log) => log.split('\n')[0])).toEqual(
      days.map(
        (day, index) => `for date range ${day}T00:00:00Z - ${days[index + 1] ?? '2022-09-25'}T00:00:00Z`,
      ),
    );
    expect(sumCounts(logs.map(parseNeoLog))).toEqual({ tracked: 61, hazardous: 6 });
  });

  it('plans nothing anew when the same job is deployed again', async () => {
    await mustRun(stage, ['deploy']);
    expect(await readRuns(stage)).toHaveLength(ticks.length);
    expect(feed.asked()).toEqual(days);
  });

  it.skipIf(!canSeeProcesses)('leaves no process behind', async () => {
    expect(await server.end('SIGTERM')).toBe(0);
    await vi.waitFor(async () => expect(await findProcesses(stage.folder)).toEqual([]), { timeout: 10_000 });
    expect(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })).not.toContain(stage.folder);
  });
});

describe('a week of runs, the server killed whenever a task asks the feed', () => {
  let stage: Stage;
  let feed: GatedFeed;

  beforeAll(async () => {
    [stage, feed] = await Promise.all([setStage(), startGatedFeed(apiKey)]);
    feed.open();
    await stage.configure({ maxRunning: 2, neoCommand: toNeoCommand(feed.url) });
    let server = await stage.startServer();
    await prepareWeek(stage, apiKey);
    await mustRun(stage, ['deploy']);
    for (const count of [1, 3, 5, 7]) {
      await waitUntil(`the feed was asked ${count} times`, () => feed.asked().length >= count);
      await server.end('SIGKILL');
      server = await stage.startServer();
    }
    await awaitState(stage, 'success', ticks.length);
  });

  afterAll(async () => {
    await feed.stop();
    await stage.clear();
  });

  it('ends with exactly the seven runs, each day asked for once', async () => {
    const runs = await readRuns(stage);
    expect(runs.map(({ scheduledAt }) => scheduledAt)).toEqual(ticks);
    expect(feed.asked()).toEqual(days);
  });

  it('adds up to the same totals', async () => {
    expect(sumCounts((await readLogs(stage)).map(parseNeoLog))).toEqual({ tracked: 61, hazardous: 6 });
  });
});
