import { computeWindow } from '@optimus/compiler';
import { OptimusError, toSuggestion } from '@optimus/domain';
import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { getClientConfig } from '../../config/read-client-config.ts';
import { withProject } from '../../session/server-session.ts';
import { CONTEXT_TIMEOUT_MS } from '../../session/timeouts.ts';
import { toSpecMessage } from '../../spec/job-spec-message.ts';
import { type NamespaceJobs, readJobs } from '../../spec/read-jobs.ts';
import { createFilesError } from '../../yaml/file-problem.ts';

/** `optimus job run`: once, now, outside its schedule; the job must be deployed as it stands in this folder. */
export async function run(invocation: Invocation): Promise<void> {
  const { args, terminal } = invocation;
  const [jobName = ''] = args;
  const config = await getClientConfig(invocation);
  const { namespaces, problems } = await readJobs(config.namespaces, { cwd: terminal.cwd, computeWindow });
  if (problems.length > 0) throw createFilesError('SPEC_INVALID', problems);
  const { namespace, spec } = findJob(namespaces, jobName);
  await withProject(invocation, { timeoutMs: CONTEXT_TIMEOUT_MS }, ({ client, project }) =>
    client.write(core.JobRunService.method.runJob, {
      projectName: project,
      namespaceName: namespace,
      specifications: [toSpecMessage(spec)],
    }),
  );
  terminal.print(`job ${jobName} is started; see its log with: optimus job logs ${jobName} --follow`);
}

function findJob(namespaces: readonly NamespaceJobs[], jobName: string) {
  const jobs = namespaces.flatMap(({ namespace, jobs: own }) =>
    own.map(({ spec }) => ({ namespace: namespace.name, spec })),
  );
  const found = jobs.find(({ spec }) => spec.name === jobName);
  if (found) return found;
  const names = jobs.map(({ spec }) => spec.name);
  throw new OptimusError('JOB_NOT_FOUND', {
    message: `there is no job "${jobName}" in this folder${toSuggestion(jobName, names)}`,
    fields: { job: jobName },
  });
}
