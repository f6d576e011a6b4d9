import { toSuggestion } from '../error/nearest-name.ts';
import { OptimusError } from '../error/optimus-error.ts';
import type { JobStore } from '../ports/job-store.ts';
import type { ProjectStore } from '../ports/project-store.ts';
import type { ComputeWindow } from '../run/run-context.ts';
import { type PresetChange, type Presets, type PresetUse, parsePresets, planPresetChange } from './preset.ts';
import { type Project, parseProjectName } from './project.ts';

interface ProjectDeps {
  readonly projects: ProjectStore;
}

/** What registering a project needs of the world. */
interface RegistrationDeps extends ProjectDeps {
  readonly jobs: Pick<JobStore, 'listPresetUses'>;
  readonly computeWindow: ComputeWindow;
}

/** A project as its client has it. */
interface ProjectRequest {
  readonly name: string;
  readonly config: Readonly<Record<string, string>>;
  readonly presets?: Presets;
}

/** A project as it is registered, and what that did to its presets. */
export interface RegisteredProject extends Project {
  readonly change: PresetChange;
  /** Deployed jobs whose presets are not among the given ones any more: these stay until no job names them. */
  readonly kept: readonly PresetUse[];
}

/**
 * Creates a project or replaces its configuration and its presets; keys are stored upper-cased. A preset that a deployed job still
 * names is not deleted: the job's schedule would stop. Runs keep the window they were planned with.
 * @throws OptimusError `NAME_INVALID`, `WINDOW_INVALID` naming the preset
 */
export async function registerProject(
  deps: RegistrationDeps,
  request: ProjectRequest,
): Promise<RegisteredProject> {
  const { change, kept, ...project } = await planRegistration(deps, request);
  await deps.projects.save(project);
  return { ...project, change, kept };
}

/** What {@link registerProject} would store. @throws OptimusError as that */
export async function planRegistration(
  deps: RegistrationDeps,
  request: ProjectRequest,
): Promise<RegisteredProject> {
  const name = parseProjectName(request.name);
  const given = parsePresets(request.presets ?? {}, deps.computeWindow);
  const before = (await deps.projects.find(name))?.presets ?? {};
  const kept = await listKept(deps, name, planPresetChange(before, given).deleted);
  const presets = { ...pick(before, kept), ...given };
  const config = toUpperCaseKeys(request.config);
  return { name, config, presets, change: planPresetChange(before, presets), kept };
}

async function listKept(
  { jobs }: Pick<RegistrationDeps, 'jobs'>,
  project: Project['name'],
  deleted: readonly string[],
): Promise<readonly PresetUse[]> {
  if (deleted.length === 0) return [];
  return (await jobs.listPresetUses(project)).filter(({ preset }) => deleted.includes(preset));
}

function pick(presets: Presets, uses: readonly PresetUse[]): Presets {
  const names = new Set(uses.map(({ preset }) => preset));
  return Object.fromEntries(Object.entries(presets).filter(([name]) => names.has(name)));
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
