import { type OverlapEnd, type OverlapPolicy, planOverlap, type ScheduleAdvance } from '@optimus/domain';
import type { RunStatement } from '../database/database.ts';
import { endLocked } from './control-steps.ts';
import type { LockedRun } from './run-steps.ts';
import { LIST_IN_THE_WAY, LOCK_UNFINISHED } from './settle-statements.ts';

// What becomes of runs that overlap, within the transaction that plans some of them. Canceling locks runs, which everybody else
// locks before anything of their job: so what there is to cancel is locked before the cursors are. A run that is skipped is made by
// this transaction, and the one in its way is only looked at: should that end in the same moment, either outcome is right.

/** A run that this transaction made. */
export type CreatedRun = Pick<LockedRun, 'id' | 'job_id' | 'scheduled_at' | 'state'>;

/** Locks the runs that the planning may cancel: before anything else is locked. */
export async function lockCancelable(run: RunStatement, advances: readonly ScheduleAdvance[]): Promise<void> {
  const jobIds = listJobs(advances, 'cancel');
  if (jobIds.length > 0) await run(LOCK_UNFINISHED, [jobIds]);
}

/** Ends what overlaps, now that the runs are made. */
export async function endOverlapping(
  run: RunStatement,
  advances: readonly ScheduleAdvance[],
  created: readonly CreatedRun[],
): Promise<void> {
  await skipCreated(run, only(created, listJobs(advances, 'skip')));
  await cancelEarlier(run, only(created, listJobs(advances, 'cancel')));
}

async function skipCreated(run: RunStatement, created: readonly CreatedRun[]): Promise<void> {
  const byJob = Map.groupBy(created, ({ job_id: jobId }) => jobId);
  if (byJob.size === 0) return;
  const values = [[...byJob.keys()], created.map(({ id }) => id)];
  const inTheWay = await run<Pick<LockedRun, 'job_id' | 'scheduled_at'>>(LIST_IN_THE_WAY, values);
  for (const [jobId, own] of byJob) {
    const earlier = inTheWay.filter((row) => row.job_id === jobId).map((row) => row.scheduled_at);
    await endRuns(run, toEnds('skip', earlier, own), own.map(toLocked));
  }
}

async function cancelEarlier(run: RunStatement, created: readonly CreatedRun[]): Promise<void> {
  const byJob = Map.groupBy(created, ({ job_id: jobId }) => jobId);
  if (byJob.size === 0) return;
  const unfinished = await run<LockedRun>(LOCK_UNFINISHED, [[...byJob.keys()]]);
  for (const [jobId, own] of byJob) {
    const runs = unfinished.filter((row) => row.job_id === jobId);
    const earlier = runs.filter((row) => !own.some(({ id }) => id === row.id)).map((row) => row.scheduled_at);
    await endRuns(run, toEnds('cancel', earlier, own), runs);
  }
}

function toEnds(
  policy: OverlapPolicy,
  earlier: readonly Date[],
  created: readonly CreatedRun[],
): readonly OverlapEnd[] {
  const planned = created.map((row) => row.scheduled_at).sort((a, b) => a.getTime() - b.getTime());
  return planOverlap(policy, { earlier, planned });
}

async function endRuns(
  run: RunStatement,
  ends: readonly OverlapEnd[],
  runs: readonly LockedRun[],
): Promise<void> {
  for (const { scheduledAt, ...end } of ends) {
    const ending = runs.find((row) => row.scheduled_at.getTime() === scheduledAt.getTime());
    if (ending) await endLocked(run, ending, end);
  }
}

/** A job whose runs may overlap in no way has a limit. */
function toLocked(created: CreatedRun): LockedRun {
  return { ...created, message: '', is_limited: true };
}

function listJobs(advances: readonly ScheduleAdvance[], policy: OverlapPolicy): readonly string[] {
  return advances.filter(({ overlap }) => overlap === policy).map(({ jobId }) => jobId);
}

function only(created: readonly CreatedRun[], jobIds: readonly string[]): readonly CreatedRun[] {
  return created.filter(({ job_id: jobId }) => jobIds.includes(jobId));
}
