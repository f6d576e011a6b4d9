import {
  type AttemptClaim,
  type AttemptOutcome,
  type EndedClaim,
  type FinishedStep,
  type InstanceMove,
  type InstanceProgress,
  type InstanceState,
  isTerminal,
  type NextStep,
  OptimusError,
  type RunState,
  type RunTime,
  settleRun,
  toOutcomeMessage,
  toOutcomeName,
} from '@optimus/domain';
import type { RunStatement } from '../database/database.ts';
import {
  END_ATTEMPT,
  LIST_PROGRESS,
  LIST_SIBLINGS,
  LOCK_BY_ATTEMPT,
  LOCK_OVERDUE,
  SETTLE,
} from './settle-statements.ts';
import { ADMIT, LOCK_TO_MEET, MEET_WAITS, WAIT_FURTHER_BACK } from './wait-statements.ts';

// Each function here is one transaction that changes a run. The run's row is locked first; whatever is decided is decided by pure
// functions of the core from what is read after.

/** A run whose row is locked. */
export interface LockedRun {
  readonly id: string;
  readonly job_id: string;
  readonly scheduled_at: Date;
  readonly state: RunState;
  readonly message: string;
  /** Whether the job limits its active runs, or holds some back that began under a limit. */
  readonly is_limited: boolean;
}

/** A locked run with the time that it may take, both null when that is not limited. */
interface TimedRun extends LockedRun {
  readonly left_ms: number | null;
  readonly limit_ms: number | null;
}

/** An instance that a step changes. */
export interface InstanceChange {
  readonly id: string;
  readonly state: InstanceState;
  readonly message: string;
  readonly delay_ms: number;
}

/** The end of an attempt, to be recorded. */
export interface AttemptEnd {
  readonly claim: EndedClaim;
  readonly outcome: AttemptOutcome;
  readonly next: NextStep;
}

/** Ends the attempt and moves its instance and run. @throws OptimusError `FENCE_STALE` */
export async function finishAttempt(run: RunStatement, end: AttemptEnd): Promise<FinishedStep> {
  const { claim } = end;
  const { attemptId, fence } = claim;
  const [[locked], ended, progress] = await Promise.all([
    run<TimedRun & { readonly instance_id: string }>(LOCK_BY_ATTEMPT, [attemptId, fence]),
    run(END_ATTEMPT, toEndValues(end)),
    run<InstanceProgress>(LIST_SIBLINGS, [attemptId]),
  ]);
  if (!locked || ended.length === 0) throw staleError(claim);
  const change = { id: locked.instance_id, ...toInstanceEnd(end.next) };
  // A run that was canceled or marked meanwhile is as it was told to be.
  const wasOver = isTerminal(locked.state);
  const settled = wasOver
    ? { ...locked, changes: [] }
    : settle(progress, { change, time: toRunTime(locked) });
  await writeRun(run, locked, { ...settled, attemptId });
  return { state: settled.state, isEnd: !wasOver && isTerminal(settled.state) };
}

/** Settles one run whose time is over while something of it waits. False when there is none. */
export async function settleOverdue(run: RunStatement): Promise<boolean> {
  const [locked] = await run<TimedRun>(LOCK_OVERDUE, []);
  if (!locked) return false;
  const progress = await run<InstanceProgress>(LIST_PROGRESS, [locked.id]);
  const { state, message, moves } = settleRun(progress, toRunTime(locked));
  await writeRun(run, locked, { state, message, changes: moves.map(toChange), attemptId: null });
  return true;
}

/** How a run moves on after the change of one of its instances. */
function settle(
  progress: readonly InstanceProgress[],
  { change, time }: { readonly change: InstanceChange; readonly time: RunTime | undefined },
): Omit<RunChange, 'attemptId'> {
  const changed = progress.map((one) =>
    one.id === change.id ? { ...one, ...change, delayMs: change.delay_ms } : one,
  );
  const { state, message, moves } = settleRun(changed, time);
  const changes = moves.map(toChange);
  const isMoved = changes.some(({ id }) => id === change.id);
  return { state, message, changes: isMoved ? changes : [change, ...changes] };
}

/** What settling a run has an instance change to. */
export function toChange(move: InstanceMove): InstanceChange {
  return { ...move, delay_ms: 0 };
}

function toRunTime({ left_ms: leftMs, limit_ms: limitMs }: TimedRun): RunTime | undefined {
  return leftMs === null || limitMs === null ? undefined : { leftMs, limitMs };
}

/** What becomes of a locked run. */
export interface RunChange {
  readonly state: RunState;
  readonly message: string;
  readonly changes: readonly InstanceChange[];
  readonly attemptId: string | null;
}

/** Writes the run, and lets begin what its end allows: runs that waited for it, and the next ones of a job with a limit. */
export async function writeRun(
  run: RunStatement,
  locked: LockedRun,
  { state, message, changes, attemptId }: RunChange,
): Promise<void> {
  const values = [locked.id, state, toStoredMessage(message), JSON.stringify(changes), attemptId];
  const settled = run(SETTLE, values);
  const meetsWaits = meets(state) && !meets(locked.state);
  const endsSomething = !isTerminal(locked.state) || attemptId !== null;
  const makesRoom = locked.is_limited && isTerminal(state) && endsSomething;
  const isFollowed = meetsWaits || makesRoom;
  const isSkipped = state === 'skipped';
  await Promise.all([
    settled,
    isFollowed && letOthersBegin(run, locked, { meetsWaits, makesRoom, isSkipped }),
  ]);
}

/** Nobody waits for a run that succeeded, nor for one that will not run. */
function meets(state: RunState): boolean {
  return state === 'success' || state === 'skipped';
}

async function letOthersBegin(
  run: RunStatement,
  { job_id: jobId, scheduled_at: scheduledAt }: LockedRun,
  { meetsWaits, makesRoom, isSkipped }: Readonly<Record<'meetsWaits' | 'makesRoom' | 'isSkipped', boolean>>,
): Promise<void> {
  const [, , begun] = await Promise.all([
    run(LOCK_TO_MEET, [[jobId]]),
    isSkipped && run(WAIT_FURTHER_BACK, [jobId, scheduledAt]),
    meetsWaits ? run<BegunRow>(MEET_WAITS, [jobId, scheduledAt]) : [],
  ]);
  const limited = begun.filter((row) => row.is_limited).map((row) => row.job_id);
  await admit(run, [...(makesRoom ? [jobId] : []), ...limited]);
}

/** Lets runs begin that the limits of their jobs hold back, as far as these go. */
export async function admit(run: RunStatement, jobIds: readonly string[]): Promise<void> {
  if (jobIds.length === 0) return;
  await Promise.all([run(LOCK_TO_MEET, [jobIds]), run(ADMIT, [jobIds])]);
}

/** A row of the statements that meet waits. */
export interface BegunRow {
  readonly job_id: string;
  readonly is_limited: boolean;
}

function toEndValues({ claim, outcome }: AttemptEnd): readonly unknown[] {
  return [
    claim.attemptId,
    claim.fence,
    toAttemptState(outcome),
    outcome.kind === 'exited' ? toStoredExitCode(outcome.exitCode) : null,
    toStoredMessage(toOutcomeMessage(outcome)),
    toOutcomeName(outcome),
    outcome.kind === 'refused' ? (outcome.code ?? null) : null,
    claim.endedMsAgo ?? 0,
  ];
}

function toInstanceEnd(next: NextStep): Omit<InstanceChange, 'id'> {
  if (next.kind === 'success') return { state: 'success', message: '', delay_ms: 0 };
  const message = toStoredMessage(next.message);
  if (next.kind === 'skipped') return { state: 'skipped', message, delay_ms: 0 };
  return next.kind === 'retry'
    ? { state: 'up_for_retry', message, delay_ms: next.delayMs }
    : { state: 'failed', message, delay_ms: 0 };
}

function toAttemptState(outcome: AttemptOutcome): 'success' | 'failed' | 'lost' | 'canceled' {
  if (outcome.kind === 'lost') return 'lost';
  // Called off before anything of it was started.
  if (outcome.kind === 'skipped') return 'canceled';
  return outcome.kind === 'exited' && outcome.exitCode === 0 ? 'success' : 'failed';
}

/** Windows exit codes have 32 bits without a sign; stored they have one, as Windows itself often shows them. */
function toStoredExitCode(exitCode: number): number {
  return exitCode | 0;
}

/** A message may quote what a task or template made. What cannot be stored, U+0000 and half a character, must not keep a run from ending. */
export function toStoredMessage(message: string): string {
  return message.replaceAll('\u0000', '\uFFFD').toWellFormed();
}

/** The refusal of a report that comes too late. */
export function staleError(claim: AttemptClaim): OptimusError {
  return new OptimusError('FENCE_STALE', {
    message: `the report on attempt ${claim.attemptId} comes too late: the attempt has ended or another server has taken it over`,
    hint: 'drop the report; whoever holds the attempt now reports on it',
    fields: { attempt: claim.attemptId, fence: claim.fence },
  });
}
