import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { actOnJobs } from '../../selection/chosen-jobs.ts';

/** `optimus job pause`. */
export function run(invocation: Invocation): Promise<void> {
  return actOnJobs(invocation, { verb: 'pause' }, async ({ client, project }, jobName) => {
    await client.write(core.JobRunService.method.pauseJob, { projectName: project, jobName });
    return `job ${jobName} is paused`;
  });
}
