import { join } from 'node:path';

/** What a cgroup controls here. */
export type Controller = 'memory' | 'cpu';

/** A cgroup below which those of attempts are made. */
export interface CgroupPlace {
  readonly version: 1 | 2;
  /** Its folder, absolute. */
  readonly path: string;
}

/** Where the cgroups of attempts are made. A controller that the system does not have is absent. */
export type CgroupPlaces = { readonly [C in Controller]?: CgroupPlace };

interface Membership {
  readonly version: 1 | 2;
  readonly controllers: readonly string[];
  /** Within its hierarchy. */
  readonly path: string;
}

interface Mount {
  readonly version: 1 | 2;
  readonly options: readonly string[];
  /** What of the hierarchy is mounted. */
  readonly root: string;
  readonly path: string;
}

/**
 * The cgroups that a process is in, of the text of its `/proc/<pid>/cgroup` and `/proc/<pid>/mountinfo`. A controller belongs to one
 * hierarchy: to one of version 1 that names it, else to the one of version 2.
 */
export function findCgroupPlaces(cgroup: string, mountinfo: string): CgroupPlaces {
  const memberships = cgroup.split('\n').flatMap(parseMembership);
  const mounts = mountinfo.split('\n').flatMap(parseMount);
  const find = (controller: Controller): CgroupPlace | undefined => {
    const membership =
      memberships.find(({ controllers }) => controllers.includes(controller)) ??
      memberships.find(({ version }) => version === 2);
    return membership && findFolder(membership, mounts, controller);
  };
  const [memory, cpu] = [find('memory'), find('cpu')];
  return { ...(memory && { memory }), ...(cpu && { cpu }) };
}

function findFolder(
  { version, path }: Membership,
  mounts: readonly Mount[],
  controller: Controller,
): CgroupPlace | undefined {
  for (const mount of mounts) {
    if (mount.version !== version || (version === 1 && !mount.options.includes(controller))) continue;
    const within = findPathWithin(mount.root, path);
    if (within !== undefined) return { version, path: join(mount.path, within) };
  }
  return undefined;
}

/** Undefined also of a cgroup that lies outside of what a container sees, which it is told as `/../a`. */
function findPathWithin(root: string, path: string): string | undefined {
  if (path.split('/').includes('..')) return undefined;
  const prefix = root === '/' ? root : `${root}/`;
  return path === root ? '' : path.startsWith(prefix) ? path.slice(prefix.length) : undefined;
}

/** `4:memory:/a/b`, `1:cpu,cpuacct:/a`, and of version 2 `0::/a`. */
function parseMembership(line: string): readonly Membership[] {
  const { number, controllers = '', path } = MEMBERSHIP.exec(line)?.groups ?? {};
  if (path === undefined) return [];
  return [{ version: number === '0' ? 2 : 1, controllers: controllers.split(','), path }];
}

const MEMBERSHIP = /^(?<number>\d+):(?<controllers>[^:]*):(?<path>\/.*)$/;

/** `35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory`. */
function parseMount(line: string): readonly Mount[] {
  const { root, path, type, options } = MOUNT.exec(line)?.groups ?? {};
  if (root === undefined || path === undefined || options === undefined) return [];
  const version = type === 'cgroup2' ? 2 : 1;
  return [{ version, options: options.split(','), root: unescape(root), path: unescape(path) }];
}

const MOUNT = /^\S+ \S+ \S+ (?<root>\S+) (?<path>\S+) .*- (?<type>cgroup2?) \S+ (?<options>\S+)$/;

/** Blanks and the like are told as the octal number of their byte. */
function unescape(text: string): string {
  return text.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
