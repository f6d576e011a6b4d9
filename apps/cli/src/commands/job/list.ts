import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { printListing } from '../../output/print-listing.ts';
import { withProject } from '../../session/server-session.ts';
import { SHORT_TIMEOUT_MS } from '../../session/timeouts.ts';

/** `optimus job list`. */
export async function run(invocation: Invocation): Promise<void> {
  const namespaceName = invocation.flags.text('namespace') ?? '';
  const answer = await withProject(invocation, { timeoutMs: SHORT_TIMEOUT_MS }, ({ client, project }) =>
    client.read(core.JobSpecificationService.method.getJobSpecifications, {
      projectName: project,
      namespaceName,
    }),
  );
  await printListing(invocation, {
    rows: answer.jobSpecificationResponses.map(toRow),
    columns: [
      { title: 'JOB', show: ({ job }) => job },
      { title: 'NAMESPACE', show: ({ namespace }) => namespace },
      { title: 'TASK', show: ({ task }) => task },
      { title: 'INTERVAL', show: ({ interval }) => interval },
      { title: 'START', show: ({ startDate }) => startDate },
      { title: 'OWNER', show: ({ owner }) => owner },
    ],
    whenEmpty: 'no job is deployed; deploy this folder with: optimus deploy',
  });
}

function toRow({ namespaceName, job }: core.JobSpecificationResponse) {
  return {
    job: job?.name ?? '',
    namespace: namespaceName,
    task: job?.taskName ?? '',
    interval: job?.interval ?? '',
    startDate: job?.startDate ?? '',
    endDate: job?.endDate ?? '',
    owner: job?.owner ?? '',
  };
}
