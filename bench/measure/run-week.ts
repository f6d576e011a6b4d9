import { startGatedFeed } from '../../tests/e2e/stage/gated-feed.ts';
import { awaitState, mustRun, prepareWeek, ticks } from '../../tests/e2e/stage/neo-week.ts';
import { type Stage, toNeoCommand } from '../../tests/e2e/stage/stage.ts';

const apiKey = 'key-of-the-benchmark';

/** Starts the stage's server and sees the week of the demo's job through, so that there is history to ask for. */
export async function runWeek(stage: Stage): Promise<void> {
  const feed = await startGatedFeed(apiKey);
  feed.open();
  await stage.configure({ neoCommand: toNeoCommand(feed.url) });
  await stage.startServer();
  await prepareWeek(stage, apiKey);
  await mustRun(stage, ['deploy']);
  await awaitState(stage, 'success', ticks.length);
  await feed.stop();
}
