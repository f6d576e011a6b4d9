/**
 * The states of a run. Terminal states are `success`, `failed` and `canceled`.
 *
 * ```text
 *  planned ──▶ queued ──claim──▶ running ──exit 0──▶ success
 *                ▲                 │  │
 *                │          failed │  └─ no attempt left ─▶ failed
 *                │                 ▼
 *                └──ready_at── up_for_retry          any non-terminal ──▶ canceled
 * ```
 *
 * `wait_upstream` precedes `queued` for a run whose upstreams have not covered its window yet.
 */
export const RUN_STATES = [
  'wait_upstream',
  'queued',
  'running',
  'up_for_retry',
  'success',
  'failed',
  'canceled',
] as const;

/** See {@link RUN_STATES} for the drawing. */
export type RunState = (typeof RUN_STATES)[number];

/** True when nothing will ever change the run again by itself. */
export function isTerminal(state: RunState): boolean {
  return state === 'success' || state === 'failed' || state === 'canceled';
}

/** The states of one attempt; `lost` means that its executor no longer knows of it. */
export type AttemptState = 'starting' | 'running' | 'success' | 'failed' | 'lost' | 'canceled';

/** The states of a task or hook within a run. */
export type InstanceState =
  | 'pending'
  | 'running'
  | 'up_for_retry'
  | 'success'
  | 'failed'
  | 'skipped'
  | 'canceled';
