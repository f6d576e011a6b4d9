import { core } from '@optimus/proto';
import type { ApiClient } from '../client/api-client.ts';
import type { ClientConfig, NamespaceConfig } from '../config/client-config.ts';

const { registerProject } = core.ProjectService.method;
const { registerProjectNamespace } = core.NamespaceService.method;

/** Sends the project and its configuration. */
export async function sendProject(client: ApiClient, { project }: ClientConfig): Promise<void> {
  await client.write(registerProject, { project: { name: project.name, config: { ...project.config } } });
}

/** Sends namespaces and their configurations, all at once. */
export async function sendNamespaces(
  client: ApiClient,
  project: string,
  namespaces: readonly NamespaceConfig[],
): Promise<void> {
  await Promise.all(
    namespaces.map(({ name, config }) =>
      client.write(registerProjectNamespace, {
        projectName: project,
        namespace: { name, config: { ...config } },
      }),
    ),
  );
}
