import {
  type EarlyEnd,
  type InstanceProgress,
  isTerminal,
  type RerunRequest,
  type RunKey,
  settleRun,
} from '@optimus/domain';
import type { RunStatement } from '../database/database.ts';
import { admit, type InstanceChange, type LockedRun, toChange, writeRun } from './run-steps.ts';
import {
  END_EARLY,
  FOLLOW_VERSION,
  LIST_PROGRESS,
  LOCK_BY_KEY,
  RESET_INSTANCES,
} from './settle-statements.ts';

// What people do to a run. As in `run-steps.ts`, each function is one transaction.

type KeyedRun = LockedRun & { readonly has_live_attempt: boolean };

/** Ends a run; see the port. False when there is none to end. */
export async function endRunEarly(run: RunStatement, key: RunKey, end: EarlyEnd): Promise<boolean> {
  const [locked] = await run<KeyedRun>(LOCK_BY_KEY, [key.project, key.job, key.scheduledAt]);
  if (!locked || (end.state === 'canceled' && isTerminal(locked.state))) return false;
  await endLocked(run, locked, end);
  return true;
}

/** Ends a locked run by somebody's word, or by that of its job. */
export async function endLocked(run: RunStatement, locked: LockedRun, end: EarlyEnd): Promise<void> {
  const progress = await run<InstanceProgress>(LIST_PROGRESS, [locked.id]);
  const changes = progress.flatMap((instance) => toEarlyEnd(instance, end));
  const { state, message } = end;
  await writeRun(run, locked, { state, message, changes, attemptId: null });
  await run(END_EARLY, [locked.id]);
}

function toEarlyEnd({ id, state }: InstanceProgress, end: EarlyEnd): readonly InstanceChange[] {
  if (['success', 'failed', 'skipped', 'canceled'].includes(state)) return [];
  const isSkipped = end.state !== 'canceled' && state !== 'running';
  return [{ id, state: isSkipped ? 'skipped' : 'canceled', message: end.message, delay_ms: 0 }];
}

/** Has a run run again; see the port. False when there is none that could. */
export async function rerunRun(run: RunStatement, key: RunKey, request: RerunRequest): Promise<boolean> {
  const [locked] = await run<KeyedRun>(LOCK_BY_KEY, [key.project, key.job, key.scheduledAt]);
  if (!locked || !isTerminal(locked.state) || locked.has_live_attempt) return false;
  const { version, scope, instance } = request;
  if (version) {
    const { start, end, location = '' } = version.window;
    await run(FOLLOW_VERSION, [locked.id, version.id, start, end, location]);
  }
  await run(RESET_INSTANCES, [locked.id, scope === 'all', instance?.type ?? null, instance?.name ?? null]);
  const { state, message, moves } = settleRun(await run<InstanceProgress>(LIST_PROGRESS, [locked.id]));
  const isToRun = state === 'running';
  // What begins is for the admission to say: the job may be paused, or have as many runs under way as it may.
  const due = isToRun ? moves.filter((move) => move.state !== 'queued') : moves;
  const changes = due.map(toChange);
  await writeRun(run, locked, { state: isToRun ? 'queued' : state, message, changes, attemptId: null });
  if (isToRun) await admit(run, [locked.job_id]);
  return true;
}
