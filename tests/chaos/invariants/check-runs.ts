import { isTerminal, settleRun } from '@optimus/domain';
import { type History, type RunRecord, toViolations, type Violation } from './history.ts';

/** Every run has come to its end. */
export function checkRunEnds({ runs }: History): readonly Violation[] {
  const open = runs.filter(({ state }) => !isTerminal(state));
  return toViolations(
    'lost',
    'a run ends',
    open.map((run) => `${toName(run)} is ${run.state}: ${run.message}`),
  );
}

/** The state of a run is what follows from those of its instances. */
export function checkSettled({ runs, instances }: History): readonly Violation[] {
  const wrong = runs.filter(({ id, state }) => {
    if (['canceled', 'skipped'].includes(state) || !isTerminal(state)) return false;
    const settled = settleRun(instances.filter(({ runId }) => runId === id));
    return settled.state !== state || settled.moves.length > 0;
  });
  return toViolations(
    'broken',
    'a run is what its instances make it',
    wrong.map((run) => `${toName(run)} is ${run.state}`),
  );
}

/** Each attempt has the event of its begin and that of its end; the last event of a run says its state. */
export function checkEvents({ runs, attempts, events }: History): readonly Violation[] {
  const ofAttempts = Map.groupBy(events, ({ attemptId }) => attemptId);
  const ofRuns = Map.groupBy(events, ({ runId }) => runId);
  const uneven = attempts.filter(({ id }) => ofAttempts.get(id)?.length !== 2);
  const astray = runs.filter(({ id, state }) => ofRuns.get(id)?.at(-1)?.state !== state);
  return [
    ...toViolations(
      'broken',
      'an attempt has two events',
      uneven.map(({ id, state }) => `attempt ${id}, ${state}, has ${ofAttempts.get(id)?.length ?? 0}`),
    ),
    ...toViolations(
      'broken',
      'the last event is the state',
      astray.map((run) => `${toName(run)} is ${run.state}`),
    ),
  ];
}

/** A run sees the version that it is pinned to, in each of its tasks and hooks. */
export function checkPins({ runs, sightings }: History): readonly Violation[] {
  const wrong = sightings.filter(({ job, scheduledAt, mark }) => {
    const run = runs.find((one) => one.job === job && one.scheduledAt.getTime() === Date.parse(scheduledAt));
    return run?.spec.task.config.find(({ name }) => name === 'MARK')?.value !== mark;
  });
  return toViolations(
    'broken',
    'a run keeps its version',
    wrong.map(({ attemptId, job, mark }) => `attempt ${attemptId} of ${job} saw ${mark}`),
  );
}

function toName({ job, scheduledAt }: RunRecord): string {
  return `${job} ${scheduledAt.toISOString()}`;
}
