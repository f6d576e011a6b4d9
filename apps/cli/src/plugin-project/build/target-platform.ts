import { createUsageError } from '../../command-line/usage-error.ts';

/** Operating system and architecture as Go spells them, which is how plugin files are named. */
export interface TargetPlatform {
  readonly os: 'linux' | 'darwin' | 'windows';
  readonly arch: 'amd64' | 'arm64';
}

/** Everything a plugin is built for. */
export const TARGET_PLATFORMS: readonly TargetPlatform[] = (['linux', 'darwin', 'windows'] as const).flatMap(
  (os) => (['amd64', 'arm64'] as const).map((arch) => ({ os, arch })),
);

/** `linux/amd64`. */
export function formatPlatform({ os, arch }: TargetPlatform): string {
  return `${os}/${arch}`;
}

/** The platforms of `--os-arch`, each once. @throws a usage error that lists them all */
export function parsePlatforms(given: readonly string[]): readonly TargetPlatform[] {
  return [...new Set(given)].map(parsePlatform);
}

function parsePlatform(given: string): TargetPlatform {
  const found = TARGET_PLATFORMS.find((platform) => formatPlatform(platform) === given);
  if (found !== undefined) return found;
  const choices = TARGET_PLATFORMS.map(formatPlatform).join(', ');
  throw createUsageError('os-arch', `has ${JSON.stringify(given)}, must be of ${choices}`);
}

/** Node's words for an operating system and an architecture. */
function toNodePlatform({ os, arch }: TargetPlatform): {
  readonly platform: string;
  readonly arch: string;
} {
  return { platform: os === 'windows' ? 'win32' : os, arch: arch === 'amd64' ? 'x64' : arch };
}

/** Whether a platform is the one this process runs on. */
export function isThisPlatform(target: TargetPlatform): boolean {
  const { platform, arch } = toNodePlatform(target);
  return platform === process.platform && arch === process.arch;
}

/** `optimus-neo_1.2.3_linux_amd64`, with `.exe` where it must be. */
export function toProgramName(
  plugin: { readonly name: string; readonly version: string },
  target: TargetPlatform,
): string {
  return `optimus-${toArchiveStem(plugin, target)}${target.os === 'windows' ? '.exe' : ''}`;
}

/** `neo_1.2.3_linux_amd64`. */
export function toArchiveStem(
  { name, version }: { readonly name: string; readonly version: string },
  { os, arch }: TargetPlatform,
): string {
  return `${name}_${version}_${os}_${arch}`;
}
