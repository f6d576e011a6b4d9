import { OptimusError } from '@optimus/domain';
import { core } from '@optimus/proto';
import type { ApiClient } from '../client/api-client.ts';
import { fromPresetMessages } from '../session/get-presets.ts';
import type { Deletion, StoredJob, Upsert } from './compare-jobs.ts';
import type { DigestMemory, StoredRevision } from './digest-memory.ts';
import type { Registered } from './registration.ts';

const { listJobDigests } = core.JobChangeService.method;
const { getProject } = core.ProjectService.method;
const { listProjectNamespaces } = core.NamespaceService.method;

/** What the server has of a project. */
export interface ServerState {
  /** Undefined: the project is not registered. */
  readonly registered: Registered | undefined;
  readonly stored: readonly StoredJob[];
  /** What the jobs are those of. */
  readonly revision: string;
}

/** A project on a server, and what is remembered of it. */
export interface ServerProject {
  readonly client: ApiClient;
  readonly project: string;
  readonly memory: DigestMemory | undefined;
}

/** What a change is compared with. A project that nobody registered has nothing. */
export async function readServer({ client, project, memory }: ServerProject): Promise<ServerState> {
  try {
    const [registered, { revision, jobs }] = await Promise.all([
      readRegistered(client, project),
      readStoredJobs({ client, project, memory }),
    ]);
    return { registered, stored: jobs, revision };
  } catch (thrown) {
    const isUnknown = thrown instanceof OptimusError && thrown.code === 'PROJECT_NOT_FOUND';
    if (isUnknown) return { registered: undefined, stored: [], revision: '' };
    throw thrown;
  }
}

async function readStoredJobs({ client, project, memory }: ServerProject): Promise<StoredRevision> {
  const known = memory?.find();
  const request = { projectName: project, knownRevision: known?.revision ?? '' };
  const { isKnown, revision, digests } = await client.read(listJobDigests, request);
  if (known && isKnown) return known;
  const jobs = digests.map(({ namespaceName, jobName, contentHash }) => ({
    namespace: namespaceName,
    name: jobName,
    contentHash,
  }));
  memory?.keep({ revision, jobs });
  return { revision, jobs };
}

/** Remembers what the server has after a change of ours, when nobody made another one since it was read. */
export function keepChanged(
  memory: DigestMemory | undefined,
  { stored, revision }: ServerState,
  made: {
    readonly upserts: readonly Upsert[];
    readonly deletions: readonly Deletion[];
    readonly summary: Pick<core.ChangeSummary, 'isStored' | 'revision' | 'revisionBefore'> | undefined;
  },
): void {
  const { summary, upserts, deletions } = made;
  if (!memory || !summary?.isStored || summary.revisionBefore !== revision) return;
  const after = new Map(stored.map((job) => [job.name, job]));
  for (const { name } of deletions) after.delete(name);
  for (const { namespace, spec, contentHash } of upserts)
    after.set(spec.name, { namespace, name: spec.name, contentHash });
  memory.keep({ revision: summary.revision, jobs: [...after.values()] });
}

async function readRegistered(client: ApiClient, projectName: string): Promise<Registered> {
  const [{ project }, { namespaces }] = await Promise.all([
    client.read(getProject, { projectName }),
    client.read(listProjectNamespaces, { projectName }),
  ]);
  return {
    config: project?.config ?? {},
    presets: fromPresetMessages(project),
    namespaces: Object.fromEntries(namespaces.map(({ name, config }) => [name, config])),
  };
}
