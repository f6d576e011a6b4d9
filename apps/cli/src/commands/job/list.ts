import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { printListing } from '../../output/print-listing.ts';
import { findLocatedJobs } from '../../selection/find-located-jobs.ts';
import { findSelector, selectDeployed } from '../../selection/select-jobs.ts';
import { withProject } from '../../session/server-session.ts';
import { SHORT_TIMEOUT_MS } from '../../session/timeouts.ts';

/** `optimus job list`. */
export async function run(invocation: Invocation): Promise<void> {
  const namespaceName = invocation.flags.text('namespace') ?? '';
  const resourceDestination = invocation.flags.text('writes') ?? '';
  const selector = findSelector(invocation);
  const rows = await withProject(invocation, { timeoutMs: SHORT_TIMEOUT_MS }, async (session) => {
    const { client, project } = session;
    const answer = await client.read(core.JobSpecificationService.method.getJobSpecifications, {
      projectName: project,
      namespaceName,
      resourceDestination,
      ignoreAssets: true,
    });
    const all = answer.jobSpecificationResponses.map(toRow);
    if (!selector) return all;
    const local = { cwd: invocation.terminal.cwd, readJobs: () => findLocatedJobs(invocation) };
    const chosen = await selectDeployed(selector, session, local);
    return all.filter(({ job }) => chosen.has(job));
  });
  await printListing(invocation, {
    rows,
    columns: [
      { title: 'JOB', show: ({ job }) => job },
      { title: 'NAMESPACE', show: ({ namespace }) => namespace },
      { title: 'TASK', show: ({ task }) => task },
      { title: 'INTERVAL', show: ({ interval }) => interval },
      { title: 'START', show: ({ startDate }) => startDate },
      { title: 'OWNER', show: ({ owner }) => owner },
    ],
    whenEmpty: sayNone({ isSelecting: selector !== undefined, namespaceName, resourceDestination }),
  });
}

function sayNone(asked: {
  readonly isSelecting: boolean;
  readonly namespaceName: string;
  readonly resourceDestination: string;
}): string {
  if (asked.isSelecting) return 'the selector means no deployed job';
  if (asked.resourceDestination !== '') return `no deployed job writes ${asked.resourceDestination}`;
  const place = asked.namespaceName === '' ? '' : ` in namespace ${asked.namespaceName}`;
  return `no job is deployed${place}; deploy this folder with: optimus deploy`;
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
