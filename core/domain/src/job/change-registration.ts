import { type Namespace, parseNamespaceName } from '../namespace/namespace.ts';
import type { NamespaceStore, ProjectStore } from '../ports/project-store.ts';
import type { Presets } from '../project/preset.ts';
import { planRegistration, type RegisteredProject, toUpperCaseKeys } from '../project/register-project.ts';
import type { DeployDeps } from './check-jobs.ts';

/** The configuration that a change stores along with its jobs. */
export interface ChangeRegistration {
  readonly config: Readonly<Record<string, string>>;
  readonly presets: Presets;
  /** Namespaces that are not among them stay as they are. */
  readonly namespaces: ReadonlyArray<{
    readonly name: string;
    readonly config: Readonly<Record<string, string>>;
  }>;
}

/** A registration in the terms of the domain, checked, not stored. */
export interface PlannedRegistration {
  readonly project: RegisteredProject;
  readonly namespaces: readonly Namespace[];
  /** Whether the project is not registered so far: it has no jobs then. */
  readonly isNew: boolean;
}

/** @throws OptimusError `NAME_INVALID`, `WINDOW_INVALID` naming the preset */
export async function planChangeRegistration(
  deps: DeployDeps,
  name: string,
  { namespaces, ...request }: ChangeRegistration,
): Promise<PlannedRegistration> {
  const project = await planRegistration(deps, { name, ...request });
  return {
    project,
    namespaces: namespaces.map((namespace) => ({
      project: project.name,
      name: parseNamespaceName(namespace.name),
      config: toUpperCaseKeys(namespace.config),
    })),
    isNew: (await deps.projects.find(project.name)) === undefined,
  };
}

/** The world as it will be with the registration: what a plan of it is worked out in. */
export function asRegistered(deps: DeployDeps, registration: PlannedRegistration): DeployDeps {
  return {
    ...deps,
    projects: overlayProjects(deps, registration),
    namespaces: overlayNamespaces(deps, registration),
  };
}

function overlayProjects({ projects }: DeployDeps, { project }: PlannedRegistration): ProjectStore {
  return {
    save: (other) => projects.save(other),
    find: async (name) => (name === project.name ? project : projects.find(name)),
    list: () => projects.list(),
  };
}

function overlayNamespaces(
  { namespaces }: DeployDeps,
  { project, namespaces: planned }: PlannedRegistration,
): NamespaceStore {
  const byName = new Map(planned.map((namespace) => [namespace.name, namespace]));
  return {
    save: (other) => namespaces.save(other),
    find: async (of, name) =>
      (of === project.name ? byName.get(name) : undefined) ?? (await namespaces.find(of, name)),
    list: async (of) => [
      ...(await namespaces.list(of)).filter(({ name }) => of !== project.name || !byName.has(name)),
      ...(of === project.name ? planned : []),
    ],
  };
}
