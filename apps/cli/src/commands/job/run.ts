import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { findLocalJob, readRepository } from '../../repository/local-repository.ts';
import { actOnJobs } from '../../selection/chosen-jobs.ts';
import type { ProjectSession } from '../../session/server-session.ts';
import { CONTEXT_TIMEOUT_MS } from '../../session/timeouts.ts';
import { toSpecMessage } from '../../spec/job-spec-message.ts';

/** `optimus job run`: once, now, outside its schedule; the job must be deployed as it stands in this folder. */
export function run(invocation: Invocation): Promise<void> {
  const action = { verb: 'run', scope: 'folder', timeoutMs: CONTEXT_TIMEOUT_MS } as const;
  return actOnJobs(invocation, action, async ({ client, project }, jobName) => {
    const { namespace, spec } = findLocalJob(await readRepository(invocation), jobName);
    const { scheduledAt } = await client.write(core.JobRunService.method.runJob, {
      projectName: project,
      namespaceName: namespace.name,
      specifications: [toSpecMessage(spec)],
    });
    if (await isHeldByPause({ client, project }, jobName, scheduledAt[0]))
      return `job ${jobName} is paused: its new run waits until: optimus job resume ${jobName}`;
    return `job ${jobName} is started; see its log with: optimus job logs ${jobName} --follow`;
  });
}

/** Whether the pause of its job holds the run back. The run is there whatever becomes of the question. */
async function isHeldByPause(
  { client, project }: Pick<ProjectSession, 'client' | 'project'>,
  jobName: string,
  scheduledAt: Timestamp | undefined,
): Promise<boolean> {
  const tick = { projectName: project, jobName, ...(scheduledAt && { scheduledAt }) };
  const { explainJobRun } = core.JobRunService.method;
  const answer = await client.read(explainJobRun, tick).catch(() => undefined);
  return answer?.cause === 'job_paused';
}
