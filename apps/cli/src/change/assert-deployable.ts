import type { ApiClient } from '../client/api-client.ts';
import { compareJobs, type FolderJobs } from './compare-jobs.ts';
import { readServer } from './read-server.ts';
import { createRefusalError } from './refusal-error.ts';
import { compareRegistered, type Registered } from './registration.ts';
import { sendChange } from './send-change.ts';

/** A folder that might be deployed. */
export interface Deployable {
  readonly cwd: string;
  readonly wanted: Registered;
  readonly folder: FolderJobs;
  /** Namespaces of which nothing may be deleted. */
  readonly missing: ReadonlySet<string>;
  /** Whether what is wrong with a job is asked for. */
  readonly isMeant: (jobName: string) => boolean;
}

/**
 * What a deployment would be refused for, by a dry run of it: it sees the jobs together and asks their plugins what they read and write.
 * A project that is not registered has nothing to compare with. @throws OptimusError `SPEC_INVALID`
 */
export async function assertDeployable(
  { client, project }: { readonly client: ApiClient; readonly project: string },
  { cwd, wanted, folder, missing, isMeant }: Deployable,
): Promise<void> {
  const { registered, stored } = await readServer({ client, project, memory: undefined });
  if (!registered) return;
  const { upserts, deletions } = compareJobs(folder, stored);
  const isOpen = compareRegistered(project, registered, wanted).length > 0;
  const answer = await sendChange(
    { client, project },
    {
      upserts,
      deletions: deletions.filter(({ namespace }) => !missing.has(namespace)),
      registration: isOpen ? wanted : undefined,
    },
    { isPartial: false, isForced: false, isDryRun: true },
  );
  const refusals = answer.refusals.filter(({ jobName }) => isMeant(jobName));
  if (refusals.length === 0) return;
  const namespaces = folder.namespaces.map(({ namespace }) => namespace);
  const outcome = 'they cannot be deployed so';
  throw createRefusalError({ refusals, upserts, folder: { cwd, namespaces }, problems: [], outcome });
}
