import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { findLocalJob, readRepository } from '../../repository/local-repository.ts';
import { actOnJobs } from '../../selection/chosen-jobs.ts';
import { CONTEXT_TIMEOUT_MS } from '../../session/timeouts.ts';
import { toSpecMessage } from '../../spec/job-spec-message.ts';

/** `optimus job run`: once, now, outside its schedule; the job must be deployed as it stands in this folder. */
export function run(invocation: Invocation): Promise<void> {
  const action = { verb: 'run', scope: 'folder', timeoutMs: CONTEXT_TIMEOUT_MS } as const;
  return actOnJobs(invocation, action, async ({ client, project }, jobName) => {
    const { namespace, spec } = findLocalJob(await readRepository(invocation), jobName);
    await client.write(core.JobRunService.method.runJob, {
      projectName: project,
      namespaceName: namespace.name,
      specifications: [toSpecMessage(spec)],
    });
    return `job ${jobName} is started; see its log with: optimus job logs ${jobName} --follow`;
  });
}
