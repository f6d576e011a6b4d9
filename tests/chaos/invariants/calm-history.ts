import { computeWindow } from '@optimus/compiler';
import { type JobSpec, parseJobName } from '@optimus/domain';
import { makeJobSpec } from '@optimus/domain/testing';
import { LAKE, type LakeJob } from '../lake/lake.ts';
import type { Sighting } from '../lake/read-witness.ts';
import type { AttemptRecord, EventRecord, History, InstanceRecord, RunRecord } from './history.ts';

const BEGIN = Date.parse('2026-03-01T00:00:00Z');
/** Every job's ticks come together after so many seconds. */
const SPAN_S = 24;
/** What comes after what: each level of the lake begins when the one before has ended. */
const LEVELS = ['spring', 'pond', 'brook', 'river', 'sea'];
const LEVEL_MS = 4_000;
export const HOME = '/stage/server-1';

/** The history of a lake in which nothing went wrong. */
export function makeCalmHistory(): History {
  const parts = LAKE.flatMap((job) => listTicks(job).map((tick, index) => makeRun(job, tick, index)));
  return {
    runs: parts.map(({ run }) => run),
    instances: parts.map(({ instance }) => instance),
    attempts: parts.map(({ attempt }) => attempt),
    events: parts.flatMap(({ events }) => events),
    sightings: parts.map(({ sighting }) => sighting),
    outputs: new Map(parts.map(({ attempt }) => [`${HOME} ${attempt.id}`, 'beat 1\nend of the output\n'])),
    cutOffs: [],
    touched: new Set(),
    fullDisks: new Set(),
    liveSince: new Date(BEGIN),
    calmSince: new Date(BEGIN + SPAN_S * 1_000),
  };
}

function listTicks({ everyS }: LakeJob): readonly Date[] {
  return Array.from(
    { length: SPAN_S / everyS },
    (_, index) => new Date(BEGIN + (index + 1) * everyS * 1_000),
  );
}

interface RunParts {
  readonly run: RunRecord;
  readonly instance: InstanceRecord;
  readonly attempt: AttemptRecord;
  readonly events: readonly EventRecord[];
  readonly sighting: Sighting;
}

function makeRun(job: LakeJob, scheduledAt: Date, index: number): RunParts {
  const id = `${job.name}-${scheduledAt.getTime()}`;
  const spec = makeSpec(job);
  const window = computeWindow(spec, scheduledAt);
  const { name, namespace } = job;
  // One after the other, in the order of what waits for what: nothing is ever side by side.
  const at =
    BEGIN +
    100_000 +
    Math.max(0, LEVELS.indexOf(name)) * LEVEL_MS * 10 +
    index * 1_000 +
    LAKE.indexOf(job) * 50;
  const [startedAt, finishedAt] = [new Date(at), new Date(at + 10)];
  return {
    run: {
      id,
      jobId: name,
      job: name,
      namespace,
      scheduledAt,
      createdAt: scheduledAt,
      finishedAt,
      spec,
      window,
      state: 'success',
      message: '',
      waitCount: 0,
    },
    instance: {
      id,
      runId: id,
      type: 'task',
      name: 'witness',
      role: 'task',
      position: 0,
      state: 'success',
      message: '',
    },
    attempt: { id, instanceId: id, number: 1, state: 'success', exitCode: 0, startedAt, finishedAt },
    events: [
      { runId: id, attemptId: null, state: 'queued' },
      { runId: id, attemptId: id, state: 'running' },
      { runId: id, attemptId: id, state: 'success' },
    ],
    sighting: {
      attemptId: id,
      job: name,
      scheduledAt: scheduledAt.toISOString(),
      instance: 'task/witness',
      mark: '1',
      home: HOME,
      starts: [at],
      lastSeenAt: at + 10,
      beats: 1,
      end: { at: at + 10, exitCode: 0 },
    },
  };
}

function makeSpec({ name, everyS }: LakeJob): JobSpec {
  const config = [{ name: 'MARK', value: '1' }];
  const window = { size: `${everyS}s`, offset: '0', truncateTo: '' };
  return makeJobSpec({
    version: 2,
    name: parseJobName(name),
    schedule: { startDate: '2026-03-01', interval: `@every ${everyS}s` },
    task: { name: 'witness', config, window },
  });
}
