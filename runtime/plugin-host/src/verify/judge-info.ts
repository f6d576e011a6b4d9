import path from 'node:path';
import type { PluginInfo } from '@optimus/domain';
import { parseDescriptionFileName } from '../discovery/discover-plugins.ts';
import type { Platform } from '../discovery/platform.ts';
import { parsePluginFileName } from '../discovery/plugin-file-name.ts';

/** What is wrong with the name of a file, or undefined. */
export function findFileNameProblem(file: string, platform: Platform): string | undefined {
  const name = path.basename(file);
  if (parsePluginFileName(name, platform) !== undefined || parseDescriptionFileName(name) !== undefined)
    return undefined;
  return `is called ${name}`;
}

type Named = Pick<PluginInfo, 'name' | 'version'>;

/** How a plugin's own word differs from its file's, or undefined. */
export function findNameProblem(file: string, info: Named, platform: Platform): string | undefined {
  const parts = parsePluginFileName(path.basename(file), platform);
  const fileName = parts?.name ?? parseDescriptionFileName(file);
  if (fileName !== undefined && fileName !== info.name)
    return `calls itself ${info.name}, its file ${fileName}`;
  const fileVersion = parts?.version?.replace(/^v/, '');
  if (fileVersion === undefined || fileVersion === info.version.replace(/^v/, '')) return undefined;
  return `says that it is version ${info.version}, its file ${fileVersion}`;
}

const domain = String.raw`(?:[a-z\d](?:[a-z\d.-]*[a-z\d])?(?::\d+)?\/)?`;
const repository = String.raw`[a-z\d]+(?:[._-]+[a-z\d]+)*(?:\/[a-z\d]+(?:[._-]+[a-z\d]+)*)*`;
const image = new RegExp(
  String.raw`^${domain}${repository}(?<tag>:[\w][\w.-]{0,127})?(?<digest>@sha256:[\da-f]{64})?$`,
  'i',
);

/** What is wrong with a reference to an image, or undefined. */
export function findImageProblem(reference: string): string | undefined {
  const match = image.exec(reference);
  if (match === null) return `names an image that cannot be: ${JSON.stringify(reference)}`;
  const { tag, digest } = match.groups ?? {};
  return tag === undefined && digest === undefined
    ? `names its image without a tag: ${reference}`
    : undefined;
}

/** What is wrong with the path of a secret within the image, or undefined. */
export function findSecretPathProblem(secretPath: string): string | undefined {
  if (secretPath === '') return undefined;
  const isPlain = path.posix.isAbsolute(secretPath) && !secretPath.split('/').includes('..');
  return isPlain ? undefined : `wants its secret at ${JSON.stringify(secretPath)}`;
}

/** What is wrong with the hooks that must end before this one, or undefined. */
export function findHookProblem({
  name,
  dependsOn,
}: Pick<PluginInfo, 'name' | 'dependsOn'>): string | undefined {
  if (dependsOn.includes('')) return 'depends on a hook without a name';
  if (dependsOn.includes(name)) return 'depends on itself';
  return new Set(dependsOn).size < dependsOn.length ? 'depends on the same hook twice' : undefined;
}
