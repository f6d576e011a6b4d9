import { toSuggestion } from '../error/nearest-name.ts';
import { OptimusError } from '../error/optimus-error.ts';
import type { ProjectStore } from '../ports/project-store.ts';
import { type Project, parseProjectName } from './project.ts';

interface ProjectDeps {
  readonly projects: ProjectStore;
}

/** Creates a project or replaces its configuration; configuration keys are stored upper-cased. */
export async function registerProject(
  { projects }: ProjectDeps,
  request: { readonly name: string; readonly config: Readonly<Record<string, string>> },
): Promise<Project> {
  const project = { name: parseProjectName(request.name), config: toUpperCaseKeys(request.config) };
  await projects.save(project);
  return project;
}

/** A project that must exist. @throws OptimusError `PROJECT_NOT_FOUND` with the nearest name */
export async function getProject({ projects }: ProjectDeps, name: string): Promise<Project> {
  const found = await projects.find(parseProjectName(name));
  if (found) return found;
  const names = (await projects.list()).map((project): string => project.name);
  throw new OptimusError('PROJECT_NOT_FOUND', {
    message: `project "${name}" is not registered${toSuggestion(name, names)}`,
    hint: 'register it with: optimus project register',
    fields: { project: name },
  });
}

/** All projects, sorted by name. */
export function listProjects({ projects }: ProjectDeps): Promise<readonly Project[]> {
  return projects.list();
}

/** Configuration keys are case-insensitive; upper case is their stored form. */
export function toUpperCaseKeys(config: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.toUpperCase(), value]));
}
