import { OptimusError } from '@optimus/domain';
import { core } from '@optimus/proto';
import type { ApiClient } from '../client/api-client.ts';
import { fromPresetMessages } from '../session/get-presets.ts';
import type { StoredJob } from './compare-jobs.ts';
import type { Registered } from './registration.ts';
import { readStoredJobs } from './send-change.ts';

const { getProject } = core.ProjectService.method;
const { listProjectNamespaces } = core.NamespaceService.method;

/** What the server has of a project. */
export interface ServerState {
  /** Undefined: the project is not registered. */
  readonly registered: Registered | undefined;
  readonly stored: readonly StoredJob[];
}

/** What a change is compared with. A project that nobody registered has nothing. */
export async function readServer(client: ApiClient, project: string): Promise<ServerState> {
  try {
    const [registered, stored] = await Promise.all([
      readRegistered(client, project),
      readStoredJobs(client, project),
    ]);
    return { registered, stored };
  } catch (thrown) {
    const isUnknown = thrown instanceof OptimusError && thrown.code === 'PROJECT_NOT_FOUND';
    if (isUnknown) return { registered: undefined, stored: [] };
    throw thrown;
  }
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
