import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { actOnJobs } from '../../selection/chosen-jobs.ts';

/** `optimus job resume`. */
export function run(invocation: Invocation): Promise<void> {
  return actOnJobs(invocation, { verb: 'resume' }, async ({ client, project }, jobName) => {
    await client.write(core.JobRunService.method.resumeJob, { projectName: project, jobName });
    return `job ${jobName} is resumed`;
  });
}
