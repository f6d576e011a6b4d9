import { type AttemptOutcome, type RunState } from '@optimus/domain';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** From a millisecond, which an idle server takes, to the hours of one that cannot keep up. */
const LAG_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 7_200];
const START_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** What the scheduler of this server does, as it does it. */
export type SchedulerMetrics = ReturnType<typeof createSchedulerMetrics>;

/** Registers the metrics of planning, dispatching and recording. */
export function createSchedulerMetrics(registry: Registry, slots: number) {
  const { planning, queue, start, executor } = createLags(registry);
  const { failures, ended, runs, recovered } = createCounters(registry);
  const leader = new Gauge({
    name: 'optimus_planner_leader',
    help: '1 while this server plans for all.',
    registers: [registry],
  });
  new Gauge({
    name: 'optimus_executor_slots',
    help: 'Attempts that this server may run at once.',
    registers: [registry],
  }).set(slots);
  return {
    planned: (lagMs: number) => planning.observe(Math.max(0, lagMs) / 1_000),
    claimed: (waitedMs: number) => queue.observe(Math.max(0, waitedMs) / 1_000),
    started: (sinceClaimMs: number) => start.observe(sinceClaimMs / 1_000),
    executorStarted: (durationMs: number) => executor.observe(durationMs / 1_000),
    startFailed: () => failures.inc(),
    ended: (outcome: AttemptOutcome) => ended.inc({ outcome: toLabel(outcome) }),
    runEnded: (state: RunState) => runs.inc({ state }),
    recovered: (attachment: 'attached' | 'gone') =>
      recovered.inc({ result: attachment === 'gone' ? 'lost' : 'adopted' }),
    leads: (isLeader: boolean) => leader.set(isLeader ? 1 : 0),
  };
}

function createLags(registry: Registry) {
  const make = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name, help, buckets, registers: [registry] });
  return {
    planning: make('optimus_run_planning_lag_seconds', 'From a tick until its run was made.', LAG_SECONDS),
    queue: make(
      'optimus_attempt_queue_seconds',
      'From when an instance could run until it was claimed.',
      LAG_SECONDS,
    ),
    start: make(
      'optimus_attempt_start_seconds',
      'From the claim of an attempt until its program ran.',
      START_SECONDS,
    ),
    executor: make(
      'optimus_executor_start_seconds',
      'How long the executor took to start an attempt.',
      START_SECONDS,
    ),
  };
}

function createCounters(registry: Registry) {
  const make = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name, help, labelNames, registers: [registry] });
  return {
    failures: make('optimus_executor_start_failures_total', 'Starts that the executor refused.'),
    ended: make('optimus_attempts_ended_total', 'Attempts whose end this server recorded, by outcome.', [
      'outcome',
    ]),
    runs: make('optimus_runs_ended_total', 'Runs whose end this server recorded, by state.', ['state']),
    recovered: make(
      'optimus_attempts_recovered_total',
      'Attempts of dead or stopped servers that this one took up: adopted, or lost.',
      ['result'],
    ),
  };
}

function toLabel(outcome: AttemptOutcome): string {
  if (outcome.kind !== 'exited') return outcome.kind;
  return outcome.exitCode === 0 ? 'success' : 'failed';
}
