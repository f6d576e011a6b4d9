import { computeWindow } from '@optimus/compiler';
import { type ComputeWindow, type Presets, parseProjectName, usePresets } from '@optimus/domain';
import type { ClientConfig } from '../config/client-config.ts';

/** Windows of the folder's jobs, which may name its presets. */
export function toComputeWindow({ project }: ClientConfig, presets: Presets): ComputeWindow {
  return usePresets(computeWindow, { name: parseProjectName(project.name), presets });
}
