import type { Namespace, NamespaceName } from '../namespace/namespace.ts';
import type { Project, ProjectName } from '../project/project.ts';

/** Projects by name. */
export interface ProjectStore {
  /** Creates the project or replaces its configuration. */
  save(project: Project): Promise<void>;
  find(name: ProjectName): Promise<Project | undefined>;
  /** Sorted by name. */
  list(): Promise<readonly Project[]>;
}

/** Namespaces by project and name. */
export interface NamespaceStore {
  /** Creates the namespace or replaces its configuration. @throws OptimusError `PROJECT_NOT_FOUND` */
  save(namespace: Namespace): Promise<void>;
  find(project: ProjectName, name: NamespaceName): Promise<Namespace | undefined>;
  /** Sorted by name. */
  list(project: ProjectName): Promise<readonly Namespace[]>;
}
