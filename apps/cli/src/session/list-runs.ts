import { type Timestamp, timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
import { core } from '@optimus/proto';
import type { ProjectSession } from './server-session.ts';

/** Which runs of a job are asked for. */
export interface RunFilter {
  readonly jobName: string;
  readonly states: readonly string[];
  readonly since: Date | undefined;
  readonly until: Date | undefined;
  /** At most so many, the newest. */
  readonly limit: number;
}

const PAGE_SIZE = 200;

/** Runs of a job, the newest first, page by page until the limit. */
export async function listRuns(
  { client, project }: ProjectSession,
  filter: RunFilter,
): Promise<readonly core.RunDetail[]> {
  const runs: core.RunDetail[] = [];
  let pageToken = '';
  do {
    const page = await client.read(core.JobRunService.method.getJobRuns, {
      projectName: project,
      jobName: filter.jobName,
      state: [...filter.states],
      ...(filter.since && { since: timestampFromDate(filter.since) }),
      ...(filter.until && { until: timestampFromDate(filter.until) }),
      pageSize: Math.min(PAGE_SIZE, filter.limit - runs.length),
      pageToken,
    });
    runs.push(...page.runs);
    pageToken = page.nextPageToken;
  } while (pageToken !== '' && runs.length < filter.limit);
  return runs.slice(0, filter.limit);
}

/** The instant of a timestamp, or undefined when there is none. */
export function toInstant(timestamp: Timestamp | undefined): Date | undefined {
  return timestamp && timestampDate(timestamp);
}
