import { toErrorMessage } from '../error/optimus-error.ts';
import type { OtherJob, OtherJobKey, OtherServers } from '../ports/other-servers.ts';
import type { DueProbe } from '../ports/probe-store.ts';
import type { RunStore } from '../ports/run-store.ts';
import { formatInstant } from '../schedule/format-instant.ts';
import { listNeededTicks } from './list-needed-ticks.ts';
import type { ProbeOutcome } from './probe-endpoint.ts';
import type { Interval } from './run.ts';
import type { ComputeWindow } from './run-context.ts';
import { KNOWS_NO_OTHER } from './run-probe.ts';

/** What asking for the runs of another server's job needs of the world. */
export interface OtherJobDeps {
  readonly runs: Pick<RunStore, 'find'>;
  readonly others: OtherServers;
  readonly computeWindow: ComputeWindow;
}

/**
 * Asks whether the runs of another server's job that cover the run's window have succeeded: which those are follows from its
 * specification as it is by then; so does whose job it is, where the probe names what the run reads. What the other server does wrong is an outcome.
 */
export async function probeOtherJob(
  deps: OtherJobDeps,
  probe: DueProbe,
  signal: AbortSignal,
): Promise<ProbeOutcome> {
  const run = await deps.runs.find(probe);
  if (!run) return { isMet: false, outcome: 'the run is not there any more' };
  try {
    return await askFor(deps, { name: probe.name, window: run.window, signal });
  } catch (thrown) {
    return { isMet: false, outcome: toErrorMessage(thrown) };
  }
}

interface Asked {
  /** `project/job`, or a URN. */
  readonly name: string;
  readonly window: Interval;
  readonly signal: AbortSignal;
}

async function askFor(
  { others, computeWindow }: OtherJobDeps,
  { name, window, signal }: Asked,
): Promise<ProbeOutcome> {
  const isRead = name.includes('://');
  const job = await (isRead ? others.findWriter(name, signal) : others.findJob(toOtherJobKey(name), signal));
  // What is read and nobody writes is a source: there is nothing to wait for.
  if (!job) return isRead ? { isMet: true } : { isMet: false, outcome: toUnknown(others) };
  const ticks = listTicks(job, window, computeWindow);
  const [first, last] = [ticks[0], ticks.at(-1)];
  if (!first || !last) return { isMet: true };
  const runs = await others.listRuns(job, { first, last }, signal);
  const states = new Map(runs.map(({ scheduledAt, state }) => [scheduledAt.getTime(), state]));
  const open = ticks.filter((tick) => states.get(tick.getTime()) !== 'success');
  const [next] = open;
  if (!next) return { isMet: true };
  const state = states.get(next.getTime()) ?? 'not there yet';
  const outcome = `${open.length} of ${ticks.length} runs have not succeeded, the first, ${formatInstant(next)}, is ${state}`;
  return { isMet: false, outcome, target: `${job.server}: ${job.project}/${job.job}` };
}

function listTicks(
  { spec, presets = {} }: OtherJob,
  window: Interval,
  computeWindow: ComputeWindow,
): readonly Date[] {
  const windowAt = (instant: Date): Interval => computeWindow(spec, instant, { presets });
  return listNeededTicks(window, { schedule: spec.schedule, windowAt });
}

function toUnknown({ names }: OtherServers): string {
  return names.length === 0
    ? `${KNOWS_NO_OTHER}: name it under resource_managers in its configuration`
    : `no such job at ${names.join(', ')}`;
}

/** `project/job`; a project's name has no slash. */
function toOtherJobKey(name: string): OtherJobKey {
  const split = name.indexOf('/');
  return { project: name.slice(0, split), job: name.slice(split + 1) };
}
