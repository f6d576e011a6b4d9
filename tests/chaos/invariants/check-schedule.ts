import { computeWindow } from '@optimus/compiler';
import { listNeededTicks, parseTickRule } from '@optimus/domain';
import { LAKE } from '../lake/lake.ts';
import { type History, type RunRecord, toViolations, type Violation } from './history.ts';

/** A run that was planned: those by hand have no tick. */
function isPlanned({ spec }: RunRecord): boolean {
  return spec.schedule.interval !== '';
}

/** One run for each job and tick, and none of a live schedule missing: by the very function that plans them. */
export function checkTicks(history: History): readonly Violation[] {
  return LAKE.flatMap(({ name }) => {
    const runs = history.runs.filter((run) => run.job === name && isPlanned(run));
    const times = runs.map(({ scheduledAt }) => scheduledAt.getTime());
    const twice = times.filter((time, index) => times.indexOf(time) !== index);
    return [
      ...toViolations('lost', 'every tick of a live schedule has a run', findMissing(name, runs, history)),
      ...toViolations(
        'doubled',
        'a tick has one run',
        twice.map((time) => `${name} ${new Date(time).toISOString()}`),
      ),
    ];
  });
}

function findMissing(
  name: string,
  runs: readonly RunRecord[],
  { liveSince, calmSince }: History,
): readonly string[] {
  const [first] = runs;
  if (!first) return [`${name} has no run at all`];
  const rule = parseTickRule(first.spec.schedule);
  const times = new Set(runs.map(({ scheduledAt }) => scheduledAt.getTime()));
  const last = Math.max(...times, calmSince.getTime());
  const missing: string[] = [];
  for (
    let tick: Date | undefined = first.scheduledAt;
    tick && tick.getTime() <= last;
    tick = rule.next(tick)
  ) {
    if (!times.delete(tick.getTime()) && tick > liveSince) missing.push(`${name} ${tick.toISOString()}`);
  }
  return [...missing, ...[...times].map((time) => `${name} ${new Date(time).toISOString()} is no tick`)];
}

/** A run began only after each run that it waited for had succeeded; one that was canceled and runs again waits for nothing. */
export function checkWaits(history: History): readonly Violation[] {
  const canceled = new Set(
    history.events.filter(({ state }) => state === 'canceled').map(({ runId }) => runId),
  );
  const early = LAKE.flatMap(({ name, upstreams, dependsOnPast }) =>
    history.runs
      .filter((run) => run.job === name && isPlanned(run))
      .flatMap((run, index, runs) => {
        if (canceled.has(run.id)) return [];
        const past = dependsOnPast ? runs[index - 1] : undefined;
        const needed = upstreams.flatMap((upstream) => listNeeded(history, run, upstream));
        return findEarly(history, run, past ? [past, ...needed] : needed);
      }),
  );
  return toViolations('broken', 'a run begins after what it waits for', early);
}

/** The runs of an upstream that the run's window needs, as far as they were there to be waited for. */
function listNeeded(history: History, run: RunRecord, upstream: string): readonly RunRecord[] {
  const runs = history.runs.filter((one) => one.job === upstream && isPlanned(one));
  const [first] = runs;
  if (!first) return [];
  const { spec } = first;
  const windowAt = (instant: Date) => computeWindow(spec, instant);
  const ticks = listNeededTicks(run.window, { schedule: spec.schedule, windowAt }).map((tick) =>
    tick.getTime(),
  );
  return runs.filter(({ scheduledAt }) => ticks.includes(scheduledAt.getTime()));
}

function findEarly(history: History, run: RunRecord, needed: readonly RunRecord[]): readonly string[] {
  const begin = Math.min(...listStarts(history, run));
  return needed
    .filter((upstream) => !(findSuccess(history, upstream) <= begin))
    .filter(() => begin !== Number.POSITIVE_INFINITY)
    .map((upstream) => `${toName(run)} began before ${toName(upstream)} had succeeded`);
}

function listStarts(history: History, run: RunRecord): readonly number[] {
  return history.sightings.filter((sighting) => isOf(sighting, run)).flatMap(({ starts }) => starts);
}

/** When all that the run consists of had first ended well, by the tasks' own word. */
function findSuccess(history: History, run: RunRecord): number {
  const kept = history.instances.filter(({ runId, state }) => runId === run.id && state === 'success');
  const ends = kept.map(({ type, name }) => {
    const own = history.sightings.filter((one) => isOf(one, run) && one.instance === `${type}/${name}`);
    return Math.min(...own.flatMap(({ end }) => (end?.exitCode === 0 ? [end.at] : [])));
  });
  return Math.max(...ends);
}

function isOf(sighting: { readonly job: string; readonly scheduledAt: string }, run: RunRecord): boolean {
  return sighting.job === run.job && Date.parse(sighting.scheduledAt) === run.scheduledAt.getTime();
}

function toName({ job, scheduledAt }: RunRecord): string {
  return `${job} ${scheduledAt.toISOString()}`;
}
