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
import { toPresetChange } from '../mapping/preset-change-mapping.ts';
import { fromPresets, toPresets } from '../mapping/window-mapping.ts';

/** Handlers of `ProjectService`. */
export function createProjectHandlers(
  deps: Pick<ApiDeps, 'projects' | 'namespaces' | 'jobs' | 'computeWindow'>,
): ServiceHandlers<typeof core.ProjectService> {
  return {
    async registerProject({ project, namespace }) {
      if (!project) throw new OptimusError('REQUEST_INVALID', { message: 'project is missing' });
      const presets = fromPresets(project.presets);
      const registered = await registerProject(deps, { ...project, presets });
      const { name } = registered;
      if (namespace) await registerNamespace(deps, { ...namespace, project: name });
      const added = namespace ? ` with namespace ${namespace.name}` : '';
      return {
        success: true,
        message: `project ${name} is registered${added}`,
        presetChange: toPresetChange(registered),
      };
    },
    async listProjects() {
      return { projects: (await listProjects(deps)).map(toMessage) };
    },
    async getProject({ projectName }) {
      return { project: toMessage(await getProject(deps, projectName)) };
    },
  };
}

function toMessage({ name, config, presets }: Project) {
  return { name, config, presets: toPresets(presets) };
}
