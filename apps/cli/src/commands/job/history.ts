import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { toText } from '../../inspection/inspection-document.ts';
import { printListing } from '../../output/print-listing.ts';
import { showJobs } from '../../selection/chosen-jobs.ts';
import { withProject } from '../../session/server-session.ts';
import { SHORT_TIMEOUT_MS } from '../../session/timeouts.ts';

/** `optimus job history`: the versions of a job, deployed or deleted. */
export function run(invocation: Invocation): Promise<void> {
  return showJobs(invocation, { scope: 'deployed', form: 'text' }, show);
}

async function show(invocation: Invocation): Promise<void> {
  const [jobName = ''] = invocation.args;
  const { history } = await withProject(invocation, { timeoutMs: SHORT_TIMEOUT_MS }, ({ client, project }) =>
    client.read(core.JobSpecificationService.method.getJobChangelog, { projectName: project, jobName }),
  );
  await printListing(invocation, {
    rows: history.map(toRow),
    columns: [
      { title: 'VERSION', show: ({ version }) => `${version}` },
      { title: 'STORED', show: ({ time }) => time },
      { title: 'AUTHOR', show: ({ author }) => author },
      { title: 'DEPLOYED', show: ({ isDeployed }) => (isDeployed ? 'yes' : '') },
      { title: 'CHANGED', show: ({ version, changed }) => (version === 1 ? '(new)' : changed.join(', ')) },
    ],
    whenEmpty: 'the job has no version',
  });
}

function toRow({ number, author, time, isDeployed, contentHash, changes }: core.JobVersion) {
  const changed = changes.map(({ attributeName }) => attributeName);
  return { version: number, time: toText(time), author, isDeployed, contentHash, changed };
}
