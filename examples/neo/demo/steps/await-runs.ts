import { setTimeout as delay } from 'node:timers/promises';
import { DemoFailure } from '../demo-failure.ts';
import { neoJob } from '../neo-job.ts';
import { type JobAddress, listRuns, type RunSummary, readLog } from '../runs-api.ts';

const pollMs = 250;
const deadlineMs = 120_000;
const endStates = new Set(['success', 'failed', 'skipped', 'canceled']);

/**
 * Waits until every run of the week has ended, and notes each end.
 * @throws DemoFailure when a run does not succeed, with its log, or when the week takes too long
 */
export async function awaitRuns(
  address: JobAddress,
  options: { readonly signal: AbortSignal; readonly note: (line: string) => void },
): Promise<readonly RunSummary[]> {
  const noted = new Set<string>();
  const lastMoment = performance.now() + deadlineMs;
  for (;;) {
    const runs = await listRuns(address, options.signal);
    const ended = runs.filter(({ state }) => endStates.has(state));
    for (const run of ended) noteOnce(run, noted, options.note);
    if (ended.length === neoJob.runCount) return assertSucceeded(address, runs, options.signal);
    if (performance.now() > lastMoment) throw toTimeout(runs);
    await delay(pollMs, undefined, { signal: options.signal });
  }
}

function noteOnce(
  { scheduledAt, state }: RunSummary,
  noted: Set<string>,
  note: (line: string) => void,
): void {
  if (noted.has(scheduledAt)) return;
  noted.add(scheduledAt);
  note(`${scheduledAt} ${state}`);
}

async function assertSucceeded(
  address: JobAddress,
  runs: readonly RunSummary[],
  signal: AbortSignal,
): Promise<readonly RunSummary[]> {
  const bad = runs.find(({ state }) => state !== 'success');
  if (!bad) return runs;
  const log = await readLog(address, bad.scheduledAt, signal).catch(() => 'it has no log');
  throw new DemoFailure(`the run of ${bad.scheduledAt} is ${bad.state}: ${bad.message}\n${log}`);
}

function toTimeout(runs: readonly RunSummary[]): DemoFailure {
  const states = runs.map(({ scheduledAt, state }) => `  ${scheduledAt} ${state}`).join('\n');
  return new DemoFailure(
    `the runs did not end within ${deadlineMs / 1000} s:\n${states || '  there is none yet'}`,
  );
}
