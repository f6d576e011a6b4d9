import { LAKE, LIMITED } from '../lake/lake.ts';
import type { Sighting } from '../lake/read-witness.ts';
import { MAX_RUNNING } from '../stage/chaos-server.ts';
import { listOverlaps } from './check-attempts.ts';
import { type History, toViolations, type Violation } from './history.ts';

/** The limits of jobs, namespaces and servers hold, by what tasks noted themselves. What a server that was cut off left running counts for none. */
export function checkLimits(history: History): readonly Violation[] {
  const orphans = new Set(listOverlaps(history).map(({ first }) => first.attemptId));
  const states = new Map(history.attempts.map(({ id, state }) => [id, state]));
  // A canceled run is over at once, and its task has its time to end; one that was lost ended before anybody knew.
  const counted = history.sightings.filter(
    ({ attemptId }) => !orphans.has(attemptId) && !['lost', 'canceled'].includes(states.get(attemptId) ?? ''),
  );
  const limits = [
    ...LAKE.flatMap(({ name, maxActiveRuns }) => {
      const own = counted.filter(({ job }) => job === name);
      return maxActiveRuns === undefined ? [] : [{ what: `job ${name}`, most: maxActiveRuns, own }];
    }),
    { what: `namespace ${LIMITED.namespace}`, most: LIMITED.runs, own: counted.filter(isLimited) },
    ...[...Map.groupBy(counted, ({ home }) => home)].map(([what, own]) => ({ what, most: MAX_RUNNING, own })),
  ];
  const broken = limits
    .map(({ what, most, own }) => ({ what, most, count: countAtOnce(own) }))
    .filter(({ most, count }) => count > most);
  return toViolations(
    'broken',
    'limits hold',
    broken.map(({ what, most, count }) => `${what}: ${count} at once, of ${most}`),
  );
}

function isLimited({ job }: Sighting): boolean {
  return LAKE.some(({ name, namespace }) => name === job && namespace === LIMITED.namespace);
}

/** How many there were at the same moment, at most. */
function countAtOnce(sightings: readonly Sighting[]): number {
  const steps = sightings.flatMap(({ starts, lastSeenAt }) => [
    { at: starts[0] ?? 0, by: 1 },
    { at: lastSeenAt, by: -1 },
  ]);
  let most = 0;
  let now = 0;
  for (const { by } of steps.sort((a, b) => a.at - b.at || a.by - b.by)) {
    now += by;
    most = Math.max(most, now);
  }
  return most;
}
