import { toSuggestion } from '../error/nearest-name.ts';
import { OptimusError } from '../error/optimus-error.ts';
import type { Job } from '../job/job.ts';
import type { ProjectStore } from '../ports/project-store.ts';
import type { Project } from '../project/project.ts';
import { getProject } from '../project/register-project.ts';
import type { Interval } from './run.ts';
import type { ComputeWindow } from './run-context.ts';

/** Windows of a project's jobs: a preset is looked up among the project's, and one that is not there is named with the nearest. Pure. */
export function usePresets(
  computeWindow: ComputeWindow,
  { name, presets = {} }: Pick<Project, 'name' | 'presets'>,
): ComputeWindow {
  return (spec, scheduledAt) => {
    const { preset } = spec.task.window;
    if (preset && !Object.hasOwn(presets, preset)) throw presetNotFound(preset, name, Object.keys(presets));
    return computeWindow(spec, scheduledAt, { presets });
  };
}

/** The data window of a tick, by the presets that the job's project has now. @throws OptimusError `WINDOW_INVALID` */
export async function computeJobWindow(
  { projects, computeWindow }: { readonly projects: ProjectStore; readonly computeWindow: ComputeWindow },
  { spec, project }: Pick<Job, 'spec' | 'project'>,
  scheduledAt: Date,
): Promise<Interval> {
  if (!spec.task.window.preset) return computeWindow(spec, scheduledAt);
  return usePresets(computeWindow, await getProject({ projects }, project))(spec, scheduledAt);
}

function presetNotFound(preset: string, project: string, names: readonly string[]): OptimusError {
  return new OptimusError('WINDOW_INVALID', {
    message: `window preset "${preset}" is not found within project "${project}"${toSuggestion(preset, names)}`,
    hint:
      names.length === 0
        ? 'the project has no presets: name their file as project.preset_path in optimus.yaml and register the project'
        : `its presets: ${names.join(', ')}`,
    fields: { preset, project },
  });
}
