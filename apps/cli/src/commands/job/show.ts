import { toJobDocument } from '@optimus/spec';
import type { Invocation } from '../../command-line/command-spec.ts';
import { printDocument } from '../../output/print-listing.ts';
import { showJobs } from '../../selection/chosen-jobs.ts';
import { getDeployedJob } from '../../session/get-deployed-job.ts';
import { withProject } from '../../session/server-session.ts';
import { SHORT_TIMEOUT_MS } from '../../session/timeouts.ts';
import { fromSpecMessage } from '../../spec/job-spec-message.ts';

/** `optimus job show`: the form of `job.yaml`, with the assets that lie beside it as one more key. */
export function run(invocation: Invocation): Promise<void> {
  return showJobs(invocation, { scope: 'deployed', form: 'yaml' }, show);
}

async function show(invocation: Invocation): Promise<void> {
  const [jobName = ''] = invocation.args;
  const { message } = await withProject(invocation, { timeoutMs: SHORT_TIMEOUT_MS }, (session) =>
    getDeployedJob(session, jobName),
  );
  const spec = fromSpecMessage(message);
  const hasAssets = Object.keys(spec.assets).length > 0;
  await printDocument(invocation, { ...toJobDocument(spec), ...(hasAssets && { assets: spec.assets }) });
}
