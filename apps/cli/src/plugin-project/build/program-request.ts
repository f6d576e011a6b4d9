import type { PluginProject } from '../plugin-project.ts';
import type { TargetPlatform } from './target-platform.ts';

/** One executable to be built. */
export interface ProgramRequest {
  readonly project: PluginProject;
  readonly version: string;
  /** Reference of the image that the plugin names. */
  readonly image: string;
  readonly target: TargetPlatform;
  /** Absolute path of the file to write. */
  readonly output: string;
}
