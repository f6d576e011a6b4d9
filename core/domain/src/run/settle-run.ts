import type { InstanceRole } from './run.ts';
import type { InstanceState } from './run-state.ts';

/** How far an instance of a run has come. */
export interface InstanceProgress {
  readonly id: string;
  readonly name: string;
  readonly role: InstanceRole;
  readonly position: number;
  readonly state: InstanceState;
  /** Why it failed or is to be tried again; empty when it is neither. */
  readonly message: string;
}

/** An instance that moves because others have ended. */
export interface InstanceMove {
  readonly id: string;
  readonly state: 'queued' | 'skipped';
}

/** What follows from the states of a run's instances. */
export interface RunSettlement {
  readonly state: 'running' | 'up_for_retry' | 'success' | 'failed';
  /** Why the run has failed or is to be tried again; empty when it is neither. */
  readonly message: string;
  readonly moves: readonly InstanceMove[];
}

/**
 * Decides how a run goes on: every change of an instance is followed by it, so that a run has one way to its end. Instances of
 * the lowest position that still wait begin when nothing else is under way. After a failure what is left is skipped, but for the
 * fail hooks; without one the fail hooks are. Pure.
 */
export function settleRun(instances: readonly InstanceProgress[]): RunSettlement {
  const failed = firstOf(instances, 'failed');
  const message = failed ? toMessage(failed) : '';
  if (hasAny(instances, ['queued', 'running'])) return { state: 'running', message, moves: [] };
  const retried = firstOf(instances, 'up_for_retry');
  if (retried) return { state: 'up_for_retry', message: toMessage(retried), moves: [] };
  return begin(instances, failed !== undefined, message);
}

function begin(instances: readonly InstanceProgress[], hasFailed: boolean, message: string): RunSettlement {
  const pending = instances.filter(({ state }) => state === 'pending');
  const wanted = pending.filter(({ role }) => (role === 'fail') === hasFailed);
  const unwanted = pending.filter((instance) => !wanted.includes(instance));
  const position = Math.min(...wanted.map((instance) => instance.position));
  const next = wanted.filter((instance) => instance.position === position);
  // A later failure may still call for the fail hooks, but what a failure skips stays skipped.
  const skipped = hasFailed || next.length === 0 ? unwanted : [];
  const end = hasFailed ? 'failed' : 'success';
  return {
    state: next.length > 0 ? 'running' : end,
    message,
    moves: [...next.map(toMove('queued')), ...skipped.map(toMove('skipped'))],
  };
}

function toMove(state: InstanceMove['state']): (instance: InstanceProgress) => InstanceMove {
  return ({ id }) => ({ id, state });
}

function hasAny(instances: readonly InstanceProgress[], states: readonly InstanceState[]): boolean {
  return instances.some(({ state }) => states.includes(state));
}

function firstOf(instances: readonly InstanceProgress[], state: InstanceState): InstanceProgress | undefined {
  return instances.filter((instance) => instance.state === state).sort((a, b) => a.position - b.position)[0];
}

function toMessage({ role, name, message }: InstanceProgress): string {
  return role === 'task' ? message : `${role} hook "${name}" ${message}`;
}
