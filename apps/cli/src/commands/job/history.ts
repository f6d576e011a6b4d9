import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { toText } from '../../inspection/inspection-document.ts';
import { noteMore, printListing } from '../../output/print-listing.ts';
import { showJobs } from '../../selection/chosen-jobs.ts';
import { type Listed, readPages } from '../../session/read-pages.ts';
import { type ProjectSession, withProject } from '../../session/server-session.ts';
import { SHORT_TIMEOUT_MS } from '../../session/timeouts.ts';

const DEFAULT_LIMIT = 20;

/** `optimus job history`: the versions of a job, deployed or deleted. */
export function run(invocation: Invocation): Promise<void> {
  return showJobs(invocation, { scope: 'deployed', form: 'text' }, show);
}

async function show(invocation: Invocation): Promise<void> {
  const [jobName = ''] = invocation.args;
  const limit = invocation.flags.count('limit', 1) ?? DEFAULT_LIMIT;
  const { items, hasMore } = await withProject(invocation, { timeoutMs: SHORT_TIMEOUT_MS }, (session) =>
    listVersions(session, jobName, limit),
  );
  await printListing(invocation, {
    rows: items.map(toRow),
    columns: [
      { title: 'VERSION', show: ({ version }) => `${version}` },
      { title: 'STORED', show: ({ time }) => time },
      { title: 'AUTHOR', show: ({ author }) => author },
      { title: 'DEPLOYED', show: toDeployed },
      { title: 'CHANGED', show: ({ version, changed }) => (version === 1 ? '(new)' : changed.join(', ')) },
    ],
    whenEmpty: 'the job has no version',
  });
  if (hasMore) noteMore(invocation, { thereAre: `job ${jobName} has older versions`, limit });
}

function listVersions(
  { client, project }: ProjectSession,
  jobName: string,
  limit: number,
): Promise<Listed<core.JobVersion>> {
  const { getJobChangelog } = core.JobSpecificationService.method;
  return readPages(limit, async (page) => {
    const asked = { projectName: project, jobName, ...page };
    const { history: items, nextPageToken } = await client.read(getJobChangelog, asked);
    return { items, nextPageToken };
  });
}

type Row = ReturnType<typeof toRow>;

/** Whether it is, and when the job was deleted while it was. */
function toDeployed({ isDeployed, deletions }: Row): string {
  return [isDeployed ? 'yes' : '', ...deletions.map(sayDeletion)].filter(Boolean).join('; ');
}

function sayDeletion({ deletedAt, deletedBy, restoredAt, restoredBy }: Row['deletions'][number]): string {
  const deleted = `deleted ${deletedAt}${sayAuthor(deletedBy)}`;
  return restoredAt === '' ? deleted : `${deleted}, deployed again ${restoredAt}${sayAuthor(restoredBy)}`;
}

function sayAuthor(author: string): string {
  return author === '' ? '' : ` by ${author}`;
}

function toRow({ number, author, time, isDeployed, deletions, contentHash, changes }: core.JobVersion) {
  const changed = changes.map(({ attributeName }) => attributeName);
  return {
    version: number,
    time: toText(time),
    author,
    isDeployed,
    deletions: deletions.map(({ deletedAt, deletedBy, restoredAt, restoredBy }) => ({
      deletedAt: toText(deletedAt),
      deletedBy,
      restoredAt: toText(restoredAt),
      restoredBy,
    })),
    contentHash,
    changed,
  };
}
