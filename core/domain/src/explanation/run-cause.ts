/**
 * How it stands with a run, in one word. `late`: it waits or runs, and should be over by now. `coming`: its tick is yet to come.
 * `never`: there is no run of the tick, and none will be.
 */
export type Verdict =
  | 'waiting'
  | 'late'
  | 'running'
  | 'succeeded'
  | 'failed'
  | 'skipped'
  | 'canceled'
  | 'coming'
  | 'never';

/**
 * Every cause of a run's state, and what it says of a run that is not late. The set is closed: `docs/why.md` lists the same causes,
 * each with the test that brings it about, and a test holds the two equal.
 */
export const RUN_CAUSES = {
  upstream: 'waiting',
  past: 'waiting',
  probe: 'waiting',
  job_paused: 'waiting',
  job_limit: 'waiting',
  overlap: 'waiting',
  namespace_limit: 'waiting',
  project_limit: 'waiting',
  pool_full: 'waiting',
  slot: 'waiting',
  no_server: 'waiting',
  retry_pause: 'waiting',
  recovering: 'waiting',
  planning: 'waiting',
  starting: 'running',
  running: 'running',
  succeeded: 'succeeded',
  marked_success: 'succeeded',
  exit_code: 'failed',
  signal: 'failed',
  out_of_memory: 'failed',
  attempt_timeout: 'failed',
  run_timeout: 'failed',
  image: 'failed',
  plugin: 'failed',
  context: 'failed',
  executor: 'failed',
  lost: 'failed',
  marked_failed: 'failed',
  skipped: 'skipped',
  canceled: 'canceled',
  future: 'coming',
  job_unknown: 'never',
  job_deleted: 'never',
  manual_only: 'never',
  not_a_tick: 'never',
  before_start: 'never',
  after_end: 'never',
  removed: 'never',
  not_caught_up: 'never',
  passed: 'never',
  unplannable: 'never',
} as const satisfies Record<string, Verdict>;

/** See {@link RUN_CAUSES}. */
export type RunCause = keyof typeof RUN_CAUSES;
