import { computeWindow } from '@optimus/compiler';
import {
  type Explanation,
  explainJobRun,
  type JobSpec,
  parseJobName,
  parseProjectName,
  type RunCause,
  type RunKey,
} from '@optimus/domain';
import { makeJobSpec } from '@optimus/domain/testing';
import { createProcessLogStore } from '@optimus/executors';
import type { SchedulerFixture } from './scheduler-fixture.ts';

const base = makeJobSpec();

/** A schedule of one tick, {@link TICK}. */
const ONE_DAY = { startDate: '2022-09-18', endDate: '2022-09-19', interval: '0 2 * * *' };
/** The tick of {@link makeJob}'s jobs. */
export const TICK = new Date('2022-09-19T02:00:00Z');
/** {@link TICK} as sentences have it. */
export const AT = '2022-09-19T02:00:00Z';

/** A job of one tick, unless told otherwise, with the script as its task. */
export function makeJob(name: string, script: string, overrides: Partial<JobSpec> = {}): JobSpec {
  const config = [{ name: 'SCRIPT', value: script }];
  return {
    ...base,
    schedule: ONE_DAY,
    ...overrides,
    name: parseJobName(name),
    task: { ...base.task, ...overrides.task, config },
  };
}

/** The parts of a job's behaviour that a test cares for. */
export function behave(behavior: Partial<JobSpec['behavior']>): Pick<JobSpec, 'behavior'> {
  return { behavior: { ...base.behavior, ...behavior } };
}

/** That a job waits for others. */
export function dependOn(...names: readonly string[]): Pick<JobSpec, 'dependencies'> {
  return { dependencies: names.map((name) => ({ type: 'intra', name })) };
}

/** A script that runs until the folder `go` is there. */
export function untilTold(fixture: SchedulerFixture): string {
  return fixture.toScript(`while [ ! -e ${fixture.dataDir}/go ]; do sleep 0.02; done`);
}

/** The run of a job at {@link TICK}. */
export function keyOf(job: string, scheduledAt = TICK): RunKey {
  return { project: parseProjectName('space'), job: parseJobName(job), scheduledAt };
}

/** Asks as the API does. */
export function explain(
  { database, dataDir }: SchedulerFixture,
  job: string,
  scheduledAt?: Date,
): Promise<Explanation> {
  const deps = { ...database.store, logs: createProcessLogStore({ dataDir }), computeWindow };
  return explainJobRun(deps, { project: 'space', job, ...(scheduledAt && { scheduledAt }) });
}

/** Asks again and again until the answer has the cause, and answers it; whatever it is, when time is up. */
export async function explainOnce(
  fixture: SchedulerFixture,
  cause: RunCause,
  job: string,
  scheduledAt?: Date,
): Promise<Explanation> {
  const until = performance.now() + 15_000;
  for (;;) {
    const answer = await explain(fixture, job, scheduledAt);
    if (answer.cause === cause || performance.now() > until) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
