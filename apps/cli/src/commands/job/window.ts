import { computeWindow } from '@optimus/compiler';
import {
  type ComputeWindow,
  type JobSpec,
  listNextTicks,
  parseProjectName,
  usePresets,
} from '@optimus/domain';
import type { Invocation } from '../../command-line/command-spec.ts';
import { printWindows, type TickWindow } from '../../output/print-windows.ts';
import { findLocalJob, readRepository } from '../../repository/local-repository.ts';
import { showJobs } from '../../selection/chosen-jobs.ts';
import { getDeployedJob } from '../../session/get-deployed-job.ts';
import { getPresets } from '../../session/get-presets.ts';
import { withProject } from '../../session/server-session.ts';
import { SHORT_TIMEOUT_MS } from '../../session/timeouts.ts';
import { fromSpecMessage } from '../../spec/job-spec-message.ts';

const DEFAULT_COUNT = 5;

/** A job and how its windows are computed. */
interface WindowedJob {
  readonly spec: JobSpec;
  readonly computeWindow: ComputeWindow;
}

/** `optimus job window`: of the job in this folder, which needs no server, or as it is deployed. */
export function run(invocation: Invocation): Promise<void> {
  return showJobs(
    invocation,
    { scope: invocation.flags.isSet('server') ? 'deployed' : 'folder', form: 'text' },
    show,
  );
}

async function show(invocation: Invocation): Promise<void> {
  const { args, flags, terminal } = invocation;
  const [jobName = ''] = args;
  const isDeployed = flags.isSet('server');
  const { spec, computeWindow: compute } = await (isDeployed
    ? getFromServer(invocation, jobName)
    : getFromFolder(invocation, jobName));
  const ticks = listTicks(spec, {
    from: flags.instant('scheduled-at'),
    count: flags.runCount('next'),
    now: terminal.now(),
  });
  const windows = ticks.map(
    (scheduledAt): TickWindow => ({ scheduledAt, window: compute(spec, scheduledAt) }),
  );
  await printWindows(invocation, windows, toWhenEmpty(spec));
}

async function getFromFolder(invocation: Invocation, jobName: string): Promise<WindowedJob> {
  const repository = await readRepository(invocation);
  const { spec } = findLocalJob(repository, jobName);
  return { spec, computeWindow: repository.computeWindow };
}

function getFromServer(invocation: Invocation, jobName: string): Promise<WindowedJob> {
  return withProject(invocation, { timeoutMs: SHORT_TIMEOUT_MS }, async (session) => {
    const { message } = await getDeployedJob(session, jobName);
    const name = parseProjectName(session.project);
    const presets = await getPresets(session);
    return { spec: fromSpecMessage(message), computeWindow: usePresets(computeWindow, { name, presets }) };
  });
}

/** From a tick on, that one alone unless more are asked for; or the next ones from now. */
function listTicks(
  { schedule }: JobSpec,
  {
    from,
    count,
    now,
  }: { readonly from: Date | undefined; readonly count: number | undefined; readonly now: Date },
): readonly Date[] {
  if (from === undefined) return listNextTicks(schedule, now, count ?? DEFAULT_COUNT);
  return [from, ...listNextTicks(schedule, from, (count ?? 1) - 1)];
}

function toWhenEmpty({ name, schedule }: JobSpec): string {
  const reason = schedule.interval === '' ? 'has no schedule' : 'has a schedule that is over';
  return `job ${name} ${reason}, so it has no next runs; name a tick with --scheduled-at`;
}
