import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { formatInstant } from '@optimus/domain';
import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { actOnJobs } from '../../selection/chosen-jobs.ts';
import { findTick, UNFINISHED } from '../../session/find-run.ts';

/** `optimus job cancel`: the newest run that is not over, unless told which. */
export function run(invocation: Invocation): Promise<void> {
  const { flags } = invocation;
  return actOnJobs(invocation, { verb: 'cancel a run of' }, async (session, jobName) => {
    const scheduledAt = await findTick(invocation, session, { jobName, states: UNFINISHED });
    await session.client.write(core.JobRunService.method.cancelJobRun, {
      projectName: session.project,
      jobName,
      scheduledAt: timestampFromDate(scheduledAt),
      message: flags.text('reason') ?? '',
    });
    return `run ${formatInstant(scheduledAt)} of job ${jobName} is canceled`;
  });
}
