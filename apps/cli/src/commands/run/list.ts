import { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { printListing } from '../../output/print-listing.ts';
import { parseRunState } from '../../runs/parse-run-state.ts';
import { RUN_COLUMNS, toRunRow } from '../../runs/run-row.ts';
import { withProject } from '../../session/server-session.ts';
import { SHORT_TIMEOUT_MS } from '../../session/timeouts.ts';

const DEFAULT_LIMIT = 20;
/** The most that one page holds. */
const MOST = 1000;

/** `optimus run list`. */
export async function run(invocation: Invocation): Promise<void> {
  const { flags } = invocation;
  const { runs } = await withProject(invocation, { timeoutMs: SHORT_TIMEOUT_MS }, ({ client, project }) =>
    client.read(core.JobRunService.method.getProjectRuns, {
      projectName: project,
      namespaceName: flags.text('namespace') ?? '',
      state: flags.texts('state', { isList: true }).map(parseRunState),
      pageSize: Math.min(flags.count('limit', 1) ?? DEFAULT_LIMIT, MOST),
    }),
  );
  await printListing(invocation, {
    rows: runs.map((detail) => ({ job: detail.jobName, ...toRunRow(detail) })),
    columns: [{ title: 'JOB', show: ({ job }) => job }, ...RUN_COLUMNS],
    whenEmpty: 'there are no such runs',
  });
}
