import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { noteMore, printListing } from '../../output/print-listing.ts';
import { parseRunState } from '../../runs/parse-run-state.ts';
import { RUN_COLUMNS, toRunRow } from '../../runs/run-row.ts';
import { listSelected } from '../../selection/chosen-jobs.ts';
import { type Listed, readPages } from '../../session/read-pages.ts';
import { type ProjectSession, withProject } from '../../session/server-session.ts';
import { SHORT_TIMEOUT_MS } from '../../session/timeouts.ts';

const DEFAULT_LIMIT = 20;

/** `optimus run list`. */
export async function run(invocation: Invocation): Promise<void> {
  const { flags } = invocation;
  const limit = flags.count('limit', 1) ?? DEFAULT_LIMIT;
  const { items: runs, hasMore } = await withProject(
    invocation,
    { timeoutMs: SHORT_TIMEOUT_MS },
    async (session) => {
      const isSelecting = flags.text('select') !== undefined;
      const names = isSelecting ? new Set(await listSelected(invocation, session, 'deployed')) : undefined;
      return readRuns(session, {
        namespaceName: flags.text('namespace') ?? '',
        state: flags.texts('state', { isList: true }).map(parseRunState),
        limit,
        isWanted: ({ jobName }) => names?.has(jobName) ?? true,
      });
    },
  );
  await printListing(invocation, {
    rows: runs.map((detail) => ({ job: detail.jobName, ...toRunRow(detail) })),
    columns: [{ title: 'JOB', show: ({ job }) => job }, ...RUN_COLUMNS],
    whenEmpty: 'there are no such runs',
  });
  if (hasMore) noteMore(invocation, { thereAre: 'there are older runs', limit });
}

interface WantedRuns {
  readonly namespaceName: string;
  readonly state: readonly string[];
  readonly limit: number;
  readonly isWanted: (run: core.RunDetail) => boolean;
}

function readRuns(
  { client, project }: ProjectSession,
  { namespaceName, state, limit, isWanted }: WantedRuns,
): Promise<Listed<core.RunDetail>> {
  return readPages(limit, async (page) => {
    const { runs, nextPageToken } = await client.read(core.JobRunService.method.getProjectRuns, {
      projectName: project,
      namespaceName,
      state: [...state],
      ...page,
    });
    return { items: runs.filter(isWanted), nextPageToken };
  });
}
