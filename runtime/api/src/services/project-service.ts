import {
  getProject,
  listProjects,
  OptimusError,
  type Project,
  registerNamespace,
  registerProject,
} from '@optimus/domain';
import type { core } from '@optimus/proto';
import type { ApiDeps } from '../api-deps.ts';
import type { ServiceHandlers } from '../call/call.ts';

/** Handlers of `ProjectService`. */
export function createProjectHandlers(
  deps: Pick<ApiDeps, 'projects' | 'namespaces'>,
): ServiceHandlers<typeof core.ProjectService> {
  return {
    async registerProject({ project, namespace }) {
      if (!project) throw new OptimusError('REQUEST_INVALID', { message: 'project is missing' });
      const { name } = await registerProject(deps, project);
      if (namespace) await registerNamespace(deps, { ...namespace, project: name });
      const added = namespace ? ` with namespace ${namespace.name}` : '';
      return { success: true, message: `project ${name} is registered${added}` };
    },
    async listProjects() {
      return { projects: (await listProjects(deps)).map(toMessage) };
    },
    async getProject({ projectName }) {
      return { project: toMessage(await getProject(deps, projectName)) };
    },
  };
}

function toMessage({ name, config }: Project) {
  return { name, config };
}
