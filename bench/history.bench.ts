import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { explain, HOT_STATEMENTS, listFullReads, listIndexes } from '@optimus/store/testing';
import Table from 'cli-table3';
import { HistoryDatabase } from './history/history-database.ts';
import { BARE, type HistoryFigures, measureHistory } from './history/measure-history.ts';

// What a run, a look at history and a step of retention cost as the runs that are stored become more, in one database that grows:
// each figure beside that with a thousand runs, and beside what a bare
// change of one row came to meanwhile. With a thousand runs pages are short and nothing is old enough to be removed. More runs by OPTIMUS_BENCH_RUNS=10000000, which takes half an hour and 20 GB; with
// OPTIMUS_BENCH_PLANS=1 it prints by which indexes each statement goes there.
const sizes = [1_000, 100_000, 1_000_000];
const more = Number(process.env['OPTIMUS_BENCH_RUNS'] ?? 0);
if (more > 1_000_000) sizes.push(more);

await using database = await HistoryDatabase.create(await mkdtemp(path.join(tmpdir(), 'optimus-history-')));
const columns: HistoryFigures[] = [];
for (const size of sizes) {
  const startedAt = performance.now();
  await database.grow(size);
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  process.stdout.write(
    `${size.toLocaleString('en')} runs, ${await database.readSize()}, after ${seconds} s\n`,
  );
  columns.push(await measureHistory(database.store, database.client, `${size}`));
}
printGrowth();
if (process.env['OPTIMUS_BENCH_PLANS'] !== undefined) await printPlans();

function printGrowth(): void {
  const table = new Table({
    head: [
      'ms, with so many runs stored',
      ...sizes.map((size) => size.toLocaleString('en')),
      'ratio',
      'beside bare',
    ],
    colAligns: ['left', ...sizes.map(() => 'right' as const), 'right', 'right'],
    style: { head: [], border: [] },
  });
  for (const [name, first] of Object.entries(columns[0] ?? {})) {
    const costs = columns.map((figures) => figures[name] ?? Number.NaN);
    const ratio = (costs.at(-1) ?? Number.NaN) / first;
    const bare = columns.map((figures) => figures[BARE] ?? Number.NaN);
    const slowdown = (bare.at(-1) ?? Number.NaN) / (bare[0] ?? Number.NaN);
    table.push([name, ...costs.map((ms) => ms.toFixed(2)), ratio.toFixed(2), (ratio / slowdown).toFixed(2)]);
  }
  process.stdout.write(`${table.toString()}\n`);
}

async function printPlans(): Promise<void> {
  for (const hot of HOT_STATEMENTS) {
    const steps = await explain(database.client, hot);
    const reads = listFullReads(steps);
    const note = reads.length === 0 ? '' : `; FROM END TO END: ${reads.join(', ')}`;
    process.stdout.write(`to ${hot.purpose}: ${listIndexes(steps).join(', ') || 'no index'}${note}\n`);
  }
}
