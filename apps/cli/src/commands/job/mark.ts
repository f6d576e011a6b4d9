import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { formatInstant } from '@optimus/domain';
import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { actOnJobs } from '../../selection/chosen-jobs.ts';
import { findTick } from '../../session/find-run.ts';

/** `optimus job mark`: the newest run, unless told which. */
export function run(invocation: Invocation): Promise<void> {
  const { flags } = invocation;
  const state = flags.choice('as', ['success', 'failed', 'skipped'] as const) ?? 'success';
  return actOnJobs(invocation, { verb: 'mark a run of' }, async (session, jobName) => {
    const scheduledAt = await findTick(invocation, session, { jobName });
    await session.client.write(core.JobRunService.method.markJobRun, {
      projectName: session.project,
      jobName,
      scheduledAt: timestampFromDate(scheduledAt),
      state,
      message: flags.text('reason') ?? '',
    });
    return `run ${formatInstant(scheduledAt)} of job ${jobName} is marked as ${state}`;
  });
}
