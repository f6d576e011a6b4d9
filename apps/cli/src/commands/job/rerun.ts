import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { formatInstant } from '@optimus/domain';
import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { actOnJobs } from '../../selection/chosen-jobs.ts';
import { FINISHED, findTick } from '../../session/find-run.ts';

/** `optimus job rerun`: the newest run that is over, unless told which. */
export function run(invocation: Invocation): Promise<void> {
  const { flags } = invocation;
  const instance = flags.text('instance') ?? '';
  return actOnJobs(invocation, { verb: 'run again' }, async (session, jobName) => {
    const scheduledAt = await findTick(invocation, session, { jobName, states: FINISHED });
    await session.client.write(core.JobRunService.method.rerunJobRun, {
      projectName: session.project,
      jobName,
      scheduledAt: timestampFromDate(scheduledAt),
      onlyFailed: flags.isSet('only-failed'),
      newestVersion: flags.isSet('newest'),
      instance,
    });
    const what = instance === '' ? '' : `${instance} of `;
    return `${what}run ${formatInstant(scheduledAt)} of job ${jobName} runs again`;
  });
}
