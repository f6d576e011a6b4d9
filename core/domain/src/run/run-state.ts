/**
 * The states of a run. Terminal: `success`, `failed`, `skipped`, `canceled`. A skipped run is like a tick that never ran: nobody waits for it.
 *
 * ```text
 *  wait_upstream ──last upstream succeeds──▶ queued ──claim──▶ running ──all instances done──▶ success
 *                                              ▲                │   ▲ └── one failed, the rest seen to ──▶ failed
 *                                              │          pause ▼   │ claim
 *               any terminal ──rerun───────────┘           up_for_retry
 *
 *  any non-terminal ──cancel──▶ canceled        any ──mark──▶ success, failed or skipped
 * ```
 */
export const RUN_STATES = [
  'wait_upstream',
  'queued',
  'running',
  'up_for_retry',
  'success',
  'failed',
  'skipped',
  'canceled',
] as const;

/** See {@link RUN_STATES} for the drawing. */
export type RunState = (typeof RUN_STATES)[number];

const TERMINAL: readonly RunState[] = ['success', 'failed', 'skipped', 'canceled'];

/** True when nothing will ever change the run again by itself. */
export function isTerminal(state: RunState): boolean {
  return TERMINAL.includes(state);
}

/** The states of one attempt; `lost` means that its executor no longer knows of it. */
export type AttemptState = 'starting' | 'running' | 'success' | 'failed' | 'lost' | 'canceled';

/**
 * The states of a task or hook within a run. Terminal: `success`, `failed`, `skipped`, `canceled`.
 *
 * ```text
 *  pending ──its turn──▶ queued ──claim──▶ running ──exit 0──▶ success
 *     │                                     │   ▲ └── no try left ──▶ failed
 *     │                               pause ▼   │ claim
 *     │                               up_for_retry
 *     └── not needed any more ──▶ skipped            any non-terminal ──▶ canceled
 * ```
 */
export type InstanceState =
  | 'pending'
  | 'queued'
  | 'running'
  | 'up_for_retry'
  | 'success'
  | 'failed'
  | 'skipped'
  | 'canceled';
