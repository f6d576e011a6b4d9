import { DemoFailure } from './demo-failure.ts';

/** A run as the server tells it over REST; times are RFC 3339. */
export interface RunSummary {
  readonly scheduledAt: string;
  readonly windowStart: string;
  readonly windowEnd: string;
  readonly state: string;
  readonly message: string;
  readonly startedAt?: string | null;
  readonly finishedAt?: string | null;
}

/** Which job of which server. */
export interface JobAddress {
  /** `host:port` */
  readonly host: string;
  readonly project: string;
  readonly job: string;
}

/** All runs of the job, oldest tick first. @throws DemoFailure when the server refuses */
export async function listRuns(address: JobAddress, signal: AbortSignal): Promise<readonly RunSummary[]> {
  const response = await get(address, 'job_runs', signal);
  const { runs } = (await response.json()) as { readonly runs: readonly RunSummary[] };
  return runs.toSorted((a, b) => a.scheduledAt.localeCompare(b.scheduledAt));
}

/** The log of a run's task, whole. @throws DemoFailure when there is none */
export async function readLog(
  address: JobAddress,
  scheduledAt: string,
  signal: AbortSignal,
): Promise<string> {
  const response = await get(
    address,
    `log?${new URLSearchParams({ scheduled_at: scheduledAt }).toString()}`,
    signal,
  );
  return response.text();
}

async function get({ host, project, job }: JobAddress, rest: string, signal: AbortSignal): Promise<Response> {
  const url = `http://${host}/api/v1/project/${project}/job/${job}/${rest}`;
  const response = await fetch(url, { signal });
  if (!response.ok) throw new DemoFailure(`GET ${url} answered ${response.status}: ${await response.text()}`);
  return response;
}
