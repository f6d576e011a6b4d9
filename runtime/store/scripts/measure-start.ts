// Prints how long the embedded PostgreSQL and the store on it take to start: the first time, and later.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SILENT_LOG } from '@optimus/domain';
import { createStore, removeEmbeddedPostgres, startEmbeddedPostgres } from '../src/index.ts';

const LATER_STARTS = 5;

const folder = mkdtempSync(join(tmpdir(), 'optimus-start-'));
const dataDir = join(folder, 'data');
const [first = 0, ...later] = await measure(1 + LATER_STARTS);
console.log(`first start  ${first.toFixed(0)} ms`);
console.log(`later starts ${later.map((ms) => ms.toFixed(0)).join(', ')} ms`);
await removeEmbeddedPostgres(dataDir, SILENT_LOG);
rmSync(folder, { recursive: true, force: true });

async function measure(times: number): Promise<readonly number[]> {
  const durations: number[] = [];
  for (let time = 0; time < times; time++) durations.push(await startOnce());
  return durations;
}

async function startOnce(): Promise<number> {
  const began = performance.now();
  const server = await startEmbeddedPostgres({ dataDir, log: SILENT_LOG });
  const store = createStore({ connection: server.connection, appKey: 'measured', log: SILENT_LOG });
  await store.start(new AbortController().signal);
  const durationMs = performance.now() - began;
  await store.stop();
  await server.stop();
  return durationMs;
}
