import type { Invocation } from '../../command-line/command-spec.ts';
import { noteMore, printListing } from '../../output/print-listing.ts';
import { parseRunState } from '../../runs/parse-run-state.ts';
import { INSTANCE_COLUMNS, RUN_COLUMNS, toInstanceRows, toRunRow } from '../../runs/run-row.ts';
import { showJobs } from '../../selection/chosen-jobs.ts';
import { listRuns } from '../../session/list-runs.ts';
import { withProject } from '../../session/server-session.ts';
import { SHORT_TIMEOUT_MS } from '../../session/timeouts.ts';

const DEFAULT_LIMIT = 20;

/** `optimus job runs`. */
export function run(invocation: Invocation): Promise<void> {
  return showJobs(invocation, { scope: 'deployed', form: 'text' }, show);
}

async function show(invocation: Invocation): Promise<void> {
  const { args, flags } = invocation;
  const [jobName = ''] = args;
  const filter = {
    jobName,
    states: flags.texts('state', { isList: true }).map(parseRunState),
    since: flags.instant('since'),
    until: flags.instant('until'),
    limit: flags.count('limit', 1) ?? DEFAULT_LIMIT,
  };
  const { items: runs, hasMore } = await withProject(invocation, { timeoutMs: SHORT_TIMEOUT_MS }, (session) =>
    listRuns(session, filter),
  );
  const whenEmpty = `job ${jobName} has no such runs`;
  if (flags.isSet('instances'))
    await printListing(invocation, {
      rows: runs.flatMap(toInstanceRows),
      columns: INSTANCE_COLUMNS,
      whenEmpty,
    });
  else await printListing(invocation, { rows: runs.map(toRunRow), columns: RUN_COLUMNS, whenEmpty });
  if (hasMore) noteMore(invocation, { thereAre: `job ${jobName} has older runs`, limit: filter.limit });
}
