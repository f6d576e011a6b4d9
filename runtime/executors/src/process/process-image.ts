import { OptimusError, toSuggestion } from '@optimus/domain';
import { findBundledCommand } from './bundled-image.ts';

/** A program and its arguments, handed to the system as they are: no shell reads them. */
export type CommandLine = readonly string[];

/** The name of an image: without tag and digest, its registry's port kept. */
export function toImageName(image: string): string {
  const [name = ''] = image.split('@');
  const colon = name.lastIndexOf(':');
  return colon > name.lastIndexOf('/') ? name.slice(0, colon) : name;
}

/** Where command lines come from; what is configured wins over what came along. */
export interface ImageSources {
  readonly images: Readonly<Record<string, CommandLine>>;
  /** Folder of images that came along, each described by its `process.json`. */
  readonly bundledImagesDir?: string | undefined;
}

/** The command line that stands for the image. @throws OptimusError `IMAGE_NOT_RUNNABLE` */
export function getCommandLine(image: string, { images, bundledImagesDir }: ImageSources): CommandLine {
  const name = toImageName(image);
  const configured = Object.entries(images).find(([key]) => toImageName(key) === name)?.[1];
  const found =
    configured ?? (bundledImagesDir === undefined ? undefined : findBundledCommand(name, bundledImagesDir));
  if (found && found.length > 0) return found;
  const problem = found
    ? 'has an empty command line'
    : `has no command line${toSuggestion(name, Object.keys(images))}`;
  throw new OptimusError('IMAGE_NOT_RUNNABLE', {
    message: `image "${image}" cannot run as a process: "${name}" ${problem}`,
    hint: `give its command line in executor.process.images, under the key ${name}`,
    fields: { image },
  });
}
