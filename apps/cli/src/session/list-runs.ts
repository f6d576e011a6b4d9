import { type Timestamp, timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
import { core } from '@optimus/proto';
import { type Listed, readPages } from './read-pages.ts';
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

/** Runs of a job, the newest first. */
export function listRuns(
  { client, project }: ProjectSession,
  { jobName, states, since, until, limit }: RunFilter,
): Promise<Listed<core.RunDetail>> {
  return readPages(limit, async (page) => {
    const { runs: items, nextPageToken } = await client.read(core.JobRunService.method.getJobRuns, {
      projectName: project,
      jobName,
      state: [...states],
      ...(since && { since: timestampFromDate(since) }),
      ...(until && { until: timestampFromDate(until) }),
      ...page,
    });
    return { items, nextPageToken };
  });
}

/** The instant of a timestamp, or undefined when there is none. */
export function toInstant(timestamp: Timestamp | undefined): Date | undefined {
  return timestamp && timestampDate(timestamp);
}
