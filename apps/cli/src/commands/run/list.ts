import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { printListing } from '../../output/print-listing.ts';
import { parseRunState } from '../../runs/parse-run-state.ts';
import { RUN_COLUMNS, toRunRow } from '../../runs/run-row.ts';
import { listSelected } from '../../selection/chosen-jobs.ts';
import { type ProjectSession, withProject } from '../../session/server-session.ts';
import { SHORT_TIMEOUT_MS } from '../../session/timeouts.ts';

const DEFAULT_LIMIT = 20;
/** The most that one page holds. */
const MOST = 1000;

/** `optimus run list`. */
export async function run(invocation: Invocation): Promise<void> {
  const { flags } = invocation;
  const runs = await withProject(invocation, { timeoutMs: SHORT_TIMEOUT_MS }, async (session) => {
    const isSelecting = flags.text('select') !== undefined;
    const names = isSelecting ? new Set(await listSelected(invocation, session, 'deployed')) : undefined;
    return readRuns(session, {
      namespaceName: flags.text('namespace') ?? '',
      state: flags.texts('state', { isList: true }).map(parseRunState),
      limit: Math.min(flags.count('limit', 1) ?? DEFAULT_LIMIT, MOST),
      isWanted: ({ jobName }) => names?.has(jobName) ?? true,
    });
  });
  await printListing(invocation, {
    rows: runs.map((detail) => ({ job: detail.jobName, ...toRunRow(detail) })),
    columns: [{ title: 'JOB', show: ({ job }) => job }, ...RUN_COLUMNS],
    whenEmpty: 'there are no such runs',
  });
}

interface WantedRuns {
  readonly namespaceName: string;
  readonly state: readonly string[];
  readonly limit: number;
  readonly isWanted: (run: core.RunDetail) => boolean;
}

/** Page by page until there are enough of them, or no more. */
async function readRuns(
  { client, project }: ProjectSession,
  { namespaceName, state, limit, isWanted }: WantedRuns,
): Promise<readonly core.RunDetail[]> {
  const found: core.RunDetail[] = [];
  let pageToken = '';
  do {
    const page = await client.read(core.JobRunService.method.getProjectRuns, {
      projectName: project,
      namespaceName,
      state: [...state],
      pageSize: limit,
      pageToken,
    });
    found.push(...page.runs.filter(isWanted));
    pageToken = page.nextPageToken;
  } while (pageToken !== '' && found.length < limit);
  return found.slice(0, limit);
}
