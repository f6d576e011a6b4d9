import { toSuggestion } from '../error/nearest-name.ts';
import { OptimusError } from '../error/optimus-error.ts';
import type { NamespaceStore, ProjectStore } from '../ports/project-store.ts';
import { getProject, toUpperCaseKeys } from '../project/register-project.ts';
import { type Namespace, parseNamespaceName } from './namespace.ts';

interface NamespaceDeps {
  readonly projects: ProjectStore;
  readonly namespaces: NamespaceStore;
}

/** Creates a namespace or replaces its configuration. @throws OptimusError `PROJECT_NOT_FOUND` */
export async function registerNamespace(
  deps: NamespaceDeps,
  request: {
    readonly project: string;
    readonly name: string;
    readonly config: Readonly<Record<string, string>>;
  },
): Promise<Namespace> {
  const project = await getProject(deps, request.project);
  const namespace = {
    project: project.name,
    name: parseNamespaceName(request.name),
    config: toUpperCaseKeys(request.config),
  };
  await deps.namespaces.save(namespace);
  return namespace;
}

/** A namespace that must exist. @throws OptimusError `PROJECT_NOT_FOUND`, `NAMESPACE_NOT_FOUND` with the nearest name */
export async function getNamespace(deps: NamespaceDeps, project: string, name: string): Promise<Namespace> {
  const { name: projectName } = await getProject(deps, project);
  const found = await deps.namespaces.find(projectName, parseNamespaceName(name));
  if (found) return found;
  const names = (await deps.namespaces.list(projectName)).map((namespace): string => namespace.name);
  throw new OptimusError('NAMESPACE_NOT_FOUND', {
    message: `namespace "${name}" is not registered in project "${project}"${toSuggestion(name, names)}`,
    hint: 'register it with: optimus namespace register',
    fields: { project, namespace: name },
  });
}

/** All namespaces of a project, sorted by name. @throws OptimusError `PROJECT_NOT_FOUND` */
export async function listNamespaces(deps: NamespaceDeps, project: string): Promise<readonly Namespace[]> {
  const { name } = await getProject(deps, project);
  return deps.namespaces.list(name);
}
