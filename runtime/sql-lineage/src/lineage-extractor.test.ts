import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createTestDatabase, type TestDatabase } from '@optimus/store/testing';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { LineageExtractor } from './lineage-extractor.ts';
import {
  createExtractor,
  deployJobs,
  type RigJob,
  readColumns,
  readProblems,
  registerTenant,
} from './testing/extractor-rig.ts';

const patience = { timeout: 60_000, interval: 50 };
let database: TestDatabase;

beforeEach(async () => {
  database = await createTestDatabase();
  await registerTenant(database.store);
});
afterEach(() => database.drop());

async function start(options?: Parameters<typeof createExtractor>[1]): Promise<LineageExtractor> {
  const extractor = createExtractor(database.store, options);
  onTestFinished(() => extractor.stop());
  await extractor.start();
  return extractor;
}

/** What a job's columns are, once they are as expected; as they are, when that takes too long. */
async function awaitColumns(job: string, wanted: readonly string[]): Promise<readonly string[] | undefined> {
  const endAt = performance.now() + patience.timeout;
  for (;;) {
    const columns = await readColumns(database.store, job);
    if (JSON.stringify(columns) === JSON.stringify(wanted) || performance.now() > endAt) return columns;
    await setTimeout(patience.interval);
  }
}

const raw: RigJob = {
  name: 'raw',
  writes: 'bigquery://p:d.raw',
  sql: 'SELECT id, a + 1 AS b FROM p.d.landing',
};
const mart: RigJob = { name: 'mart', writes: 'bigquery://p:d.mart', sql: 'SELECT * FROM p.d.raw' };
const report: RigJob = {
  name: 'report',
  writes: 'bigquery://p:d.report',
  sql: 'SELECT * EXCEPT (id) FROM p.d.mart',
};

describe('an extractor', { timeout: 120_000 }, () => {
  it('computes what was deployed before it started, and what is deployed while it rests', async () => {
    await deployJobs(database.store, [raw]);
    await start();
    expect(
      await awaitColumns('raw', ['id: bigquery://p:d.landing id', 'b: bigquery://p:d.landing a']),
    ).toEqual(['id: bigquery://p:d.landing id', 'b: bigquery://p:d.landing a']);
    await deployJobs(database.store, [{ ...raw, sql: 'SELECT a FROM p.d.landing' }]);
    expect(await awaitColumns('raw', ['a: bigquery://p:d.landing a'])).toEqual([
      'a: bigquery://p:d.landing a',
    ]);
  });

  it('expands stars by what the upstream writes, through any number of jobs, also when that changes', async () => {
    await start();
    await deployJobs(database.store, [report, mart]);
    await vi.waitFor(
      async () => expect((await readProblems(database.store, 'mart')).join()).toMatch(/a star stands for/),
      patience,
    );
    await deployJobs(database.store, [raw]);
    expect(await awaitColumns('mart', ['id: bigquery://p:d.raw id', 'b: bigquery://p:d.raw b'])).toEqual([
      'id: bigquery://p:d.raw id',
      'b: bigquery://p:d.raw b',
    ]);
    expect(await awaitColumns('report', ['b: bigquery://p:d.mart b'])).toEqual(['b: bigquery://p:d.mart b']);
    await deployJobs(database.store, [{ ...raw, sql: 'SELECT id, c FROM p.d.landing' }]);
    expect(await awaitColumns('report', ['c: bigquery://p:d.mart c'])).toEqual(['c: bigquery://p:d.mart c']);
  });

  it('does not analyse again what it has analysed: another owner is no other SQL', async () => {
    await start();
    await deployJobs(database.store, [raw]);
    expect(
      await awaitColumns('raw', ['id: bigquery://p:d.landing id', 'b: bigquery://p:d.landing a']),
    ).toEqual(['id: bigquery://p:d.landing id', 'b: bigquery://p:d.landing a']);
    const before = await database.store.lineages.find({ project: 'lake', job: 'raw' } as never);
    await deployJobs(database.store, [{ ...raw, owner: 'grace' }]);
    await vi.waitFor(async () => {
      const after = await database.store.lineages.find({ project: 'lake', job: 'raw' } as never);
      expect(after).toMatchObject({ versionNumber: 2, isPending: false, lineage: before?.lineage });
    }, patience);
  });

  it('outlives SQL that keeps the parser busy: the reason is kept, and others go on', async () => {
    await start({ timeoutMs: 5_000 });
    const endless = `SELECT ${'('.repeat(60_000)} 1 ${')'.repeat(60_000)} FROM p.d.landing`;
    await deployJobs(database.store, [
      { ...raw, name: 'hostile', writes: 'bigquery://p:d.h', sql: endless },
      raw,
    ]);
    await vi.waitFor(
      async () => expect((await readProblems(database.store, 'hostile')).join()).toMatch(/./),
      patience,
    );
    await vi.waitFor(async () => expect(await readColumns(database.store, 'raw')).toBeDefined(), patience);
  });

  it('loses nothing when its server is killed in the middle, again and again', async () => {
    const jobs = Array.from({ length: 40 }, (_, index) => ({
      ...raw,
      name: `job-${index}`,
      writes: `bigquery://p:d.t${index}`,
      sql: `SELECT id, a + ${index} AS b FROM p.d.landing`,
    }));
    await deployJobs(database.store, jobs);
    const program = fileURLToPath(new URL('testing/extractor-process.ts', import.meta.url));
    for (let kills = 1; kills <= 3; kills += 1) {
      const child = spawn(process.execPath, [
        '--conditions=source',
        program,
        JSON.stringify(database.connection),
      ]);
      const wanted = kills * 5;
      await vi.waitFor(
        async () => expect(await countComputed(jobs)).toBeGreaterThanOrEqual(wanted),
        patience,
      );
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await start();
    await vi.waitFor(async () => expect(await countComputed(jobs)).toBe(40), patience);
  });

  it('shares the work with the extractors of other servers', async () => {
    await Promise.all([start({ hostId: 'one' }), start({ hostId: 'two' })]);
    await deployJobs(database.store, [raw, mart, report]);
    expect(await awaitColumns('report', ['b: bigquery://p:d.mart b'])).toEqual(['b: bigquery://p:d.mart b']);
  });
});

async function countComputed(jobs: readonly RigJob[]): Promise<number> {
  const columns = await Promise.all(jobs.map(({ name }) => readColumns(database.store, name)));
  return columns.filter((found) => found !== undefined).length;
}
