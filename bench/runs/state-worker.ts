import { randomUUID } from 'node:crypto';
import { type ClaimedAttempt, SILENT_LOG } from '@optimus/domain';
import { createStore } from '@optimus/store';

// A server without executors: claims runs, says that they run, and that they succeeded, as fast as the database takes it. Its parent
// says when to begin; it ends when nothing is left.
const SLOTS = 16;
const [host = '', port = ''] = process.argv.slice(2);
const connection = { host, port: Number(port), user: 'optimus', database: 'optimus' };
const store = createStore({ connection, appKey: 'x'.repeat(32), log: SILENT_LOG });
await store.start(new AbortController().signal);
const server = { hostId: randomUUID(), serverId: randomUUID() };
process.send?.('ready');
await new Promise((resolve) => process.once('message', resolve));

let free = SLOTS;
let wake = (): void => undefined;
for (;;) {
  const { attempts } = await store.runs.claim(server, { limit: free, leaseMs: 60_000 });
  if (attempts.length === 0 && free === SLOTS) break;
  free -= attempts.length;
  for (const attempt of attempts) void seeThrough(attempt);
  await new Promise<void>((resolve) => {
    wake = resolve;
  });
}
await store.stop();
process.disconnect();

async function seeThrough(attempt: ClaimedAttempt): Promise<void> {
  await store.runs.markRunning(attempt, { attemptId: attempt.attemptId });
  await store.runs.finish(attempt, { kind: 'exited', exitCode: 0 }, { kind: 'success' });
  free += 1;
  wake();
}
