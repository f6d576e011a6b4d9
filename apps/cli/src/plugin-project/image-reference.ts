import type { PluginProject } from './plugin-project.ts';

const HOST = String.raw`[a-z0-9]+(?:[.-][a-z0-9]+)*(?::\d+)?`;
const PART = String.raw`[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*`;
const REPOSITORY = new RegExp(`^(?:${HOST}/)?${PART}(?:/${PART})*$`);
const VERSION = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

/** The references of the two images of one version. */
export interface PluginImages {
  /** Does the work. */
  readonly executor: string;
  /** The same with the optimus command and an entrypoint that fetches the run's context. */
  readonly wrapped: string;
}

/** What is wrong with a repository of images, or undefined. */
export function findImageProblem(image: string): string | undefined {
  if (REPOSITORY.test(image)) return undefined;
  return 'write the repository without a tag, such as ghcr.io/acme/optimus-task-neo';
}

/** What is wrong with a version, or undefined. It names files and tags images, which know no `+` and no `_` in it. */
export function findVersionProblem(version: string): string | undefined {
  return VERSION.test(version) ? undefined : 'write a semantic version, such as 1.2.3 or 1.2.3-rc.1';
}

/** The images of a project at a version. */
export function toPluginImages({ image }: Pick<PluginProject, 'image'>, version: string): PluginImages {
  return { executor: `${image}-executor:${version}`, wrapped: `${image}:${version}` };
}
