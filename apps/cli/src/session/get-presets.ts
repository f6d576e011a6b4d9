import type { Presets } from '@optimus/domain';
import { core } from '@optimus/proto';
import type { ProjectSession } from './server-session.ts';

/** The presets of the session's project as the server has them. @throws OptimusError `PROJECT_NOT_FOUND` */
export async function getPresets({ client, project: projectName }: ProjectSession): Promise<Presets> {
  const { project } = await client.read(core.ProjectService.method.getProject, { projectName });
  return fromPresetMessages(project);
}

/** The presets of a project's message. */
export function fromPresetMessages(project: core.ProjectSpecification | undefined): Presets {
  return Object.fromEntries(
    Object.entries(project?.presets ?? {}).map(
      ([name, { description, size, truncateTo, shiftBy, location }]) => [
        name,
        { description, size, truncateTo, shiftBy, location },
      ],
    ),
  );
}
