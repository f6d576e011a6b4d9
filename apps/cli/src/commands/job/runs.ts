import { RUN_STATES, toSuggestion } from '@optimus/domain';
import type { core } from '@optimus/proto';
import type { Invocation } from '../../command-line/command-spec.ts';
import { createUsageError } from '../../command-line/usage-error.ts';
import { formatInstant } from '../../output/format-instant.ts';
import { printListing } from '../../output/print-listing.ts';
import { listRuns, toInstant } from '../../session/list-runs.ts';
import { withProject } from '../../session/server-session.ts';
import { SHORT_TIMEOUT_MS } from '../../session/timeouts.ts';

const DEFAULT_LIMIT = 20;

/** `optimus job runs`. */
export async function run(invocation: Invocation): Promise<void> {
  const { args, flags } = invocation;
  const [jobName = ''] = args;
  const filter = {
    jobName,
    states: flags.texts('state', { isList: true }).map(parseState),
    since: flags.instant('since'),
    until: flags.instant('until'),
    limit: flags.count('limit', 1) ?? DEFAULT_LIMIT,
  };
  const runs = await withProject(invocation, { timeoutMs: SHORT_TIMEOUT_MS }, (session) =>
    listRuns(session, filter),
  );
  await printListing(invocation, {
    rows: runs.map(toRow),
    columns: [
      { title: 'SCHEDULED AT', show: (row) => row.scheduledAt ?? '' },
      { title: 'WINDOW', show: ({ windowStart, windowEnd }) => `${windowStart ?? ''} – ${windowEnd ?? ''}` },
      { title: 'STATE', show: ({ state }) => state },
      { title: 'ATTEMPTS', show: ({ attempts }) => String(attempts) },
      { title: 'DURATION', show: ({ durationMs }) => formatElapsed(durationMs) },
      { title: 'MESSAGE', show: ({ message }) => message },
    ],
    whenEmpty: `job ${jobName} has no such runs`,
  });
}

function parseState(state: string): string {
  if (RUN_STATES.some((known) => known === state)) return state;
  const suggestion = toSuggestion(state, RUN_STATES);
  throw createUsageError(
    'state',
    `is ${JSON.stringify(state)}${suggestion}`,
    `states: ${RUN_STATES.join(', ')}`,
  );
}

function toRow(detail: core.RunDetail) {
  const startedAt = toInstant(detail.startedAt);
  const finishedAt = toInstant(detail.finishedAt);
  const text = (instant: Date | undefined) => (instant ? formatInstant(instant) : null);
  return {
    scheduledAt: text(toInstant(detail.scheduledAt)),
    windowStart: text(toInstant(detail.windowStart)),
    windowEnd: text(toInstant(detail.windowEnd)),
    state: detail.state,
    attempts: detail.attemptCount,
    startedAt: text(startedAt),
    finishedAt: text(finishedAt),
    durationMs: startedAt && finishedAt ? finishedAt.getTime() - startedAt.getTime() : null,
    message: detail.message,
  };
}

function formatElapsed(ms: number | null): string {
  return ms === null ? '' : `${(ms / 1000).toFixed(1)}s`;
}
