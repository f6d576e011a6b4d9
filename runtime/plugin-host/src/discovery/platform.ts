/** Operating system and architecture as Go spells them, which is how plugin files are named. */
export interface Platform {
  readonly os: string;
  readonly arch: string;
}

const goOs: Readonly<Record<string, string>> = { win32: 'windows' };
const goArch: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };

export function toPlatform(nodePlatform: string, nodeArch: string): Platform {
  return { os: goOs[nodePlatform] ?? nodePlatform, arch: goArch[nodeArch] ?? nodeArch };
}
