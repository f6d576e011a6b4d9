import type { Presets, Project, ProjectName } from '@optimus/domain';

/** A project as it is stored. */
export interface ProjectRow {
  readonly name: string;
  readonly config: Readonly<Record<string, string>>;
  readonly presets: Presets;
}

/** A row as a project. */
export function toProject({ name, config, presets }: ProjectRow): Project {
  const project = { name: name as ProjectName, config };
  return Object.keys(presets).length === 0 ? project : { ...project, presets };
}
