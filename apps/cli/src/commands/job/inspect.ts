import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { describeInspection } from '../../inspection/describe-inspection.ts';
import { toInspectionDocument } from '../../inspection/inspection-document.ts';
import { printDocument } from '../../output/print-listing.ts';
import { findLocalJob, readRepository } from '../../repository/local-repository.ts';
import { showJobs } from '../../selection/chosen-jobs.ts';
import { getDeployedJob } from '../../session/get-deployed-job.ts';
import { withProject } from '../../session/server-session.ts';
import { CONTEXT_TIMEOUT_MS } from '../../session/timeouts.ts';
import { toSpecMessage } from '../../spec/job-spec-message.ts';

/** `optimus job inspect`: the deployed job, or with `--undeployed` the one of this folder as if it were. */
export function run(invocation: Invocation): Promise<void> {
  return showJobs(
    invocation,
    { scope: invocation.flags.isSet('undeployed') ? 'folder' : 'deployed', form: 'text' },
    show,
  );
}

async function show(invocation: Invocation): Promise<void> {
  const { args, flags, terminal } = invocation;
  const [jobName = ''] = args;
  const form = flags.choice('output', ['text', 'yaml', 'json'] as const) ?? 'text';
  const levels = {
    upstreamLevels: flags.count('upstream', 1) ?? 1,
    downstreamLevels: flags.count('downstream', 1) ?? 1,
  };
  const local = flags.isSet('undeployed')
    ? findLocalJob(await readRepository(invocation), jobName)
    : undefined;
  const answer = await withProject(invocation, { timeoutMs: CONTEXT_TIMEOUT_MS }, async (session) =>
    session.client.read(core.JobSpecificationService.method.jobInspect, {
      projectName: session.project,
      namespaceName: local?.namespace.name ?? (await getDeployedJob(session, jobName)).namespace,
      jobName,
      ...(local && { spec: toSpecMessage(local.spec) }),
      ...levels,
    }),
  );
  if (form === 'text') for (const line of describeInspection(answer)) terminal.print(line);
  else await printDocument(invocation, toInspectionDocument(answer));
}
