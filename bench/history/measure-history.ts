import { type Job, parseJobName, parseNamespaceName, parseProjectName, present } from '@optimus/domain';
import { makeJobSpec, toUpsert } from '@optimus/domain/testing';
import type { Store } from '@optimus/store';
import type { Client } from 'pg';
import { median } from '../measure/median.ts';

/** Milliseconds of each thing that is done, the median of many. */
export type HistoryFigures = Readonly<Record<string, number>>;

/** As the pruner of a server takes them. */
const RUNS_A_STEP = 200;
const CYCLES = 200;
/** The least that a change of state can cost, whatever is stored. */
export const BARE = 'bare: change one row and commit';
const LOOKS = 20;
const STEPS = 20;
const SERVER = { hostId: 'bench', serverId: 'bench' };
const TENANT = { project: parseProjectName('measured'), namespace: parseNamespaceName('sky') };

/** What runs, looks and removals cost with the history that the store has. */
export async function measureHistory(
  store: Store,
  client: Pick<Client, 'query'>,
  label: string,
): Promise<HistoryFigures> {
  const job = await deployMeasured(store, label);
  await client.query('CREATE TABLE IF NOT EXISTS yardstick AS SELECT 0 AS number');
  await measureCycles(store, job);
  // In turns, so that whatever else the machine has to do slows both.
  const bare: number[] = [];
  const cycle = await measure(CYCLES, async () => {
    await runOnce(store, job);
    bare.push(await time(() => client.query('UPDATE yardstick SET number = number + 1')));
  });
  const looks = await measureLooks(store);
  const step = await measureSteps(store);
  const beside = await measureBesidePruning(store, job);
  return {
    [BARE]: median(bare),
    'plan, claim, mark, finish a run': cycle - median(bare),
    'the same while old runs are removed without a pause': beside,
    ...looks,
    [`remove ${RUNS_A_STEP} runs with all of theirs`]: step,
  };
}

/** A job whose ticks begin in the year 2100, so that none is planned but by this. */
async function deployMeasured({ projects, namespaces, jobs }: Store, label: string): Promise<Job> {
  await projects.save({ name: TENANT.project, config: {} });
  await namespaces.save({ ...TENANT, name: TENANT.namespace, config: {} });
  const job = parseJobName(`measured-${label}`);
  const upserts = [toUpsert(TENANT, makeJobSpec({ name: job }), { nextScheduledAt: toTick(0) })];
  await jobs.apply({ project: TENANT.project, upserts, deletes: [], author: '' });
  return present(await jobs.find({ project: TENANT.project, job }), 'the job');
}

const ticks = new Map<string, number>();

function toTick(number: number): Date {
  return new Date(Date.UTC(2100, 0, 1, number));
}

function measureCycles(store: Store, job: Job): Promise<number> {
  return measure(CYCLES, () => runOnce(store, job));
}

async function runOnce({ schedules, runs }: Store, { id: jobId, versionId }: Job): Promise<void> {
  const number = ticks.get(jobId) ?? 0;
  ticks.set(jobId, number + 1);
  const [from, to] = [toTick(number), toTick(number + 1)];
  const run = { jobId, versionId, scheduledAt: from, window: { start: from, end: to }, priority: 1 };
  await schedules.advance([{ jobId, versionId, from, to, runs: [run] }]);
  const { attempts } = await runs.claim(SERVER, { limit: 1, leaseMs: 60_000 });
  const attempt = present(attempts[0], 'the run that was planned');
  await runs.markRunning(attempt, { attemptId: attempt.attemptId, pid: 1 });
  await runs.finish(attempt, { kind: 'exited', exitCode: 0 }, { kind: 'success' });
}

async function measureLooks({ runs, index }: Store): Promise<HistoryFigures> {
  const project = parseProjectName('project-1');
  const job = parseJobName('stored-4');
  const [limit, namespace] = [50, parseNamespaceName('tenant-0')];
  const [newest] = await runs.listNewest({ project, limit: 1 });
  const beforeId = `${Math.ceil(Number(present(newest, 'a stored run').id) / 2)}`;
  const ofJob = await runs.list({ project, job, limit: 1_000 });
  const before = present(ofJob.at(-1), 'a stored run').scheduledAt;
  const failed = ['failed', 'canceled'] as const;
  return {
    'the newest 50 runs of a job': await measure(LOOKS, () => runs.list({ project, job, limit })),
    '50 of its runs, a thousand further back': await measure(LOOKS, () =>
      runs.list({ project, job, limit, before: new Date(before.getTime() + 1) }),
    ),
    'its newest 50 that failed': await measure(LOOKS, () =>
      runs.list({ project, job, limit, states: failed }),
    ),
    'its newest 50 that are running: none': await measure(LOOKS, () =>
      runs.list({ project, job, limit, states: ['running'] }),
    ),
    'the newest 50 runs of a project': await measure(LOOKS, () => runs.listNewest({ project, limit })),
    '50 of its runs, from the middle of all': await measure(LOOKS, () =>
      runs.listNewest({ project, limit, beforeId }),
    ),
    'the newest 50 of a namespace that failed': await measure(LOOKS, () =>
      runs.listNewest({ project, namespace, limit, states: failed }),
    ),
    'the state of every job’s last run': await measure(LOOKS, () => index.readProject(project)),
  };
}

const PRUNE = { olderThanMs: 1, keep: 10, limit: RUNS_A_STEP };

async function measureSteps({ history }: Store): Promise<number> {
  let after: string | undefined;
  return await measure(STEPS, async () => {
    const step = await history.pruneRuns({ ...PRUNE, ...(after && { after }) });
    after = step.next;
  });
}

/** The runs of the measured job end now, so it is the stored ones that are removed. */
async function measureBesidePruning(store: Store, job: Job): Promise<number> {
  let isOver = false;
  const pruning = (async () => {
    let after: string | undefined;
    while (!isOver) {
      const step = await store.history.pruneRuns({
        ...PRUNE,
        olderThanMs: 3_600_000,
        ...(after && { after }),
      });
      after = step.next;
    }
  })();
  const cost = await measureCycles(store, job);
  isOver = true;
  await pruning;
  return cost;
}

async function measure(times: number, work: () => Promise<unknown>): Promise<number> {
  const costs: number[] = [];
  for (let turn = 0; turn < times; turn += 1) costs.push(await time(work));
  return median(costs);
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
