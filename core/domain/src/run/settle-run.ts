import { sayDuration } from '../explanation/say.ts';
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
  /** How long it pauses before it is tried again; absent: it does not, or that was looked at when the pause began. */
  readonly delayMs?: number;
}

/** The time that a run may take, when that is limited. */
export interface RunTime {
  readonly limitMs: number;
  /** What is left of it, by the database's clock; 0 or less when it is over. */
  readonly leftMs: number;
}

/** An instance that moves because others have ended, or because there is no time left for it. */
export interface InstanceMove {
  readonly id: string;
  readonly state: 'queued' | 'skipped' | 'failed';
  /** Why it failed; empty when it did not. */
  readonly message: string;
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
 * fail hooks; without one the fail hooks are. What could only begin after the time of the run has failed; that time binds no fail hook. Pure.
 */
export function settleRun(instances: readonly InstanceProgress[], time?: RunTime): RunSettlement {
  const late = time ? findLate(instances, time).map((instance) => endLate(instance, time)) : [];
  const settled = settleInTime(instances.map((one) => late.find(({ id }) => id === one.id) ?? one));
  return { ...settled, moves: [...late.map(toMove('failed')), ...settled.moves] };
}

/** What waits and can only begin when the time of the run is over. */
function findLate(instances: readonly InstanceProgress[], { leftMs }: RunTime): readonly InstanceProgress[] {
  const bound = instances.filter(({ role }) => role !== 'fail');
  const paused = bound.filter(({ state, delayMs = 0 }) => state === 'up_for_retry' && delayMs >= leftMs);
  if (leftMs > 0) return paused;
  const waiting = bound.filter(({ state }) => state === 'queued' || state === 'up_for_retry');
  if (waiting.length > 0 || hasAny(instances, ['running', 'failed'])) return waiting;
  return findNext(bound);
}

function endLate(instance: InstanceProgress, { limitMs }: RunTime): InstanceProgress {
  const time = `the time of its run, ${sayDuration(limitMs)},`;
  const message =
    instance.state === 'up_for_retry'
      ? `${instance.message}; ${time} is over before it could be tried again`
      : `was not begun: ${time} was over`;
  return { ...instance, state: 'failed', message };
}

function settleInTime(instances: readonly InstanceProgress[]): RunSettlement {
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
  const next = findNext(wanted);
  // A later failure may still call for the fail hooks, but what a failure skips stays skipped.
  const skipped = hasFailed || next.length === 0 ? unwanted : [];
  const end = hasFailed ? 'failed' : 'success';
  return {
    state: next.length > 0 ? 'running' : end,
    message,
    moves: [...next.map(toMove('queued')), ...skipped.map(toMove('skipped'))],
  };
}

/** Of instances those of the lowest position that have not had their turn. */
function findNext(instances: readonly InstanceProgress[]): readonly InstanceProgress[] {
  const pending = instances.filter(({ state }) => state === 'pending');
  const position = Math.min(...pending.map((instance) => instance.position));
  return pending.filter((instance) => instance.position === position);
}

function toMove(state: InstanceMove['state']): (instance: InstanceProgress) => InstanceMove {
  return ({ id, message }) => ({ id, state, message: state === 'failed' ? message : '' });
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
