import { POISONS } from '../lake/lake.ts';
import type { Sighting } from '../lake/read-witness.ts';
import { type AttemptRecord, type History, toViolations, type Violation } from './history.ts';

/** A server that cannot reach the database keeps its attempts for so long. */
const LEASE_MS = 6_000;
/** How long after the end of a cut what it led to may still begin. */
const AFTERMATH_MS = 15_000;

const poisons = new Set(POISONS.map(({ name }) => name));

/** An attempt is started once, by one server. */
export function checkStarts({ sightings, attempts }: History): readonly Violation[] {
  const seen = new Map<string, number>();
  for (const { attemptId, starts } of sightings)
    seen.set(attemptId, (seen.get(attemptId) ?? 0) + starts.length);
  const twice = [...seen].filter(([, starts]) => starts > 1);
  const known = new Set(attempts.map(({ id }) => id));
  const unknown = [...seen.keys()].filter((id) => !known.has(id));
  return [
    ...toViolations(
      'doubled',
      'an attempt is started once',
      twice.map(([id, count]) => `attempt ${id}: ${count} times`),
    ),
    ...toViolations(
      'broken',
      'what runs is an attempt of the database',
      unknown.map((id) => `attempt ${id}`),
    ),
  ];
}

/** Two attempts of one instance that ran at the same time. */
export interface Overlap {
  readonly first: Sighting;
  readonly second: Sighting;
  /** One of them is lost, and its server was cut off until its lease had run out: the one case in which this may be. */
  readonly isExcused: boolean;
}

/** Attempts of one instance that overlap in time, by what they noted themselves. */
export function listOverlaps(history: History): readonly Overlap[] {
  const states = new Map(history.attempts.map(({ id, state }) => [id, state]));
  const groups = Map.groupBy(
    history.sightings,
    ({ job, scheduledAt, instance }) => `${job} ${scheduledAt} ${instance}`,
  );
  return [...groups.values()].flatMap((group) =>
    group.flatMap((first, index) =>
      group
        .slice(index + 1)
        .filter((second) => (second.starts[0] ?? 0) < first.lastSeenAt)
        .map((second) => ({ first, second, isExcused: isExcused(history, first, second, states) })),
    ),
  );
}

/** A server that was cut off keeps its task while another one begins, or, stopped in the middle of a start, begins it when it is back. */
function isExcused(
  { cutOffs }: History,
  first: Sighting,
  second: Sighting,
  states: ReadonlyMap<string, string>,
): boolean {
  const latestStart = second.starts[0] ?? 0;
  const pairs = [
    { stale: first, successor: second },
    { stale: second, successor: first },
  ];
  return pairs.some(({ stale, successor }) => {
    const start = successor.starts[0] ?? 0;
    const wasCutOff = cutOffs.some(
      ({ home, from, to }) =>
        home === stale.home && from + LEASE_MS <= start && latestStart <= to + AFTERMATH_MS,
    );
    return wasCutOff && states.get(stale.attemptId) === 'lost';
  });
}

/** No two attempts of one instance run at the same time, unless the server of the first was cut off. */
export function checkOverlaps(history: History): readonly Violation[] {
  const wrong = listOverlaps(history).filter(({ isExcused: isFine }) => !isFine);
  return toViolations(
    'doubled',
    'attempts of one instance do not overlap',
    wrong.map(
      ({ first, second }) =>
        `${first.job} ${first.scheduledAt} ${first.instance}: attempts ${first.attemptId} and ${second.attemptId}`,
    ),
  );
}

/** What has succeeded is not done again, unless somebody said so. */
export function checkSuccesses(history: History): readonly Violation[] {
  const jobs = new Map(history.runs.map(({ id, job }) => [id, job]));
  const twice = history.instances.filter(({ id, runId }) => {
    const won = history.attempts.filter(({ instanceId, state }) => instanceId === id && state === 'success');
    return won.length > 1 && !history.touched.has(jobs.get(runId) ?? '');
  });
  return toViolations(
    'doubled',
    'an instance succeeds once',
    twice.map(({ runId, name }) => `${jobs.get(runId)} run ${runId} ${name}`),
  );
}

/** Every attempt has ended, with the exit code that its task ended with. */
export function checkEnds(history: History): readonly Violation[] {
  const ends = new Map(history.sightings.map((sighting) => [sighting.attemptId, sighting]));
  const open = history.attempts.filter(
    ({ state, finishedAt }) => ['starting', 'running'].includes(state) || !finishedAt,
  );
  const wrong = history.attempts.filter((attempt) => isWrongEnd(attempt, ends.get(attempt.id)));
  return [
    ...toViolations(
      'lost',
      'an attempt ends',
      open.map(({ id, state }) => `attempt ${id} is ${state}`),
    ),
    ...toViolations(
      'broken',
      'the exit code of a task is kept',
      wrong.map((attempt) => toEndText(attempt, ends.get(attempt.id))),
    ),
  ];
}

function isWrongEnd({ state, exitCode }: AttemptRecord, sighting: Sighting | undefined): boolean {
  if (state === 'success') return sighting?.end?.exitCode !== 0;
  return state === 'failed' && sighting?.end !== undefined && exitCode !== sighting.end.exitCode;
}

function toEndText({ id, state, exitCode }: AttemptRecord, sighting: Sighting | undefined): string {
  return `attempt ${id} is ${state} with ${exitCode}, its task ended with ${sighting?.end?.exitCode ?? 'nothing'}`;
}

/** The output of a task that ended is there to the last line. */
export function checkOutputs({ sightings, outputs, fullDisks }: History): readonly Violation[] {
  const cut = sightings.filter((sighting) => {
    const { home, end, attemptId, beats, job } = sighting;
    if (end === undefined || fullDisks.has(home) || poisons.has(job)) return false;
    return outputs.get(`${home} ${attemptId}`) !== toOutput(beats);
  });
  return toViolations(
    'lost',
    'the output of a task is complete',
    cut.map(({ attemptId, job }) => `attempt ${attemptId} of ${job}`),
  );
}

function toOutput(beats: number): string {
  return [...Array.from({ length: beats }, (_, index) => `beat ${index + 1}`), 'end of the output', ''].join(
    '\n',
  );
}
