import {
  getNamespace,
  listNamespaces,
  type Namespace,
  OptimusError,
  registerNamespace,
} from '@optimus/domain';
import type { core } from '@optimus/proto';
import type { ApiDeps } from '../api-deps.ts';
import type { ServiceHandlers } from '../call/call.ts';

/** Handlers of `NamespaceService`. */
export function createNamespaceHandlers(
  deps: Pick<ApiDeps, 'projects' | 'namespaces'>,
): ServiceHandlers<typeof core.NamespaceService> {
  return {
    async registerProjectNamespace({ projectName, namespace }) {
      if (!namespace) throw new OptimusError('REQUEST_INVALID', { message: 'namespace is missing' });
      const { name } = await registerNamespace(deps, { ...namespace, project: projectName });
      return { success: true, message: `namespace ${name} of project ${projectName} is registered` };
    },
    async listProjectNamespaces({ projectName }) {
      return { namespaces: (await listNamespaces(deps, projectName)).map(toMessage) };
    },
    async getNamespace({ projectName, namespaceName }) {
      return { namespace: toMessage(await getNamespace(deps, projectName, namespaceName)) };
    },
  };
}

function toMessage({ name, config }: Namespace) {
  return { name, config };
}
