import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CgroupFile, toCgroupFiles } from './cgroup-files.ts';
import { type CgroupPlace, type CgroupPlaces, type Controller, findCgroupPlaces } from './cgroup-place.ts';
import type { TaskLimits } from './task-limits.ts';

/** What cgroups are made of. */
export interface CgroupOptions {
  readonly limits: TaskLimits;
  readonly places: CgroupPlaces;
  /** Of the new folders: one that no other attempt of this host ever has. */
  readonly name: string;
  /** File that the folders are written to, one a line, before they are made: nobody else knows of them. */
  readonly record: string;
}

/** The cgroups of one attempt. */
export interface MadeCgroups {
  /** Folders of those whose limits are set. */
  readonly folders: readonly string[];
  /** What the system does not allow, in words: these limits do not bind. */
  readonly problems: readonly string[];
}

const CONTROLLERS: readonly Controller[] = ['memory', 'cpu'];

/** Where cgroups of attempts are made: below a folder of version 2 when one is given, else below the cgroups of this process. */
export function locateCgroups(folder: string | undefined): CgroupPlaces {
  if (folder === undefined)
    return findCgroupPlaces(readText('/proc/self/cgroup'), readText('/proc/self/mountinfo'));
  const place: CgroupPlace = { version: 2, path: folder };
  return { memory: place, cpu: place };
}

/** Makes the cgroups that limits need. @throws what the file system throws when they cannot be recorded */
export function makeCgroups({ limits, places, name, record }: CgroupOptions): MadeCgroups {
  const wanted = CONTROLLERS.filter((controller) => toCgroupFiles(controller, 1, limits).length > 0);
  const toFolder = ({ path }: CgroupPlace): string => join(path, name);
  const folders = wanted.flatMap((controller) => places[controller] ?? []).map(toFolder);
  writeFileSync(record, [...new Set(folders)].map((folder) => `${folder}\n`).join(''), { mode: 0o600 });
  const limited = new Set<string>();
  const problems: string[] = [];
  for (const controller of wanted) {
    const place = places[controller];
    const problem = place ? limit(controller, place, { folder: toFolder(place), limits }) : NO_CGROUPS;
    if (problem !== undefined) problems.push(`${controller}: ${problem}`);
    else if (place) limited.add(toFolder(place));
  }
  return { folders: [...limited], problems };
}

const NO_CGROUPS = 'there is no cgroup of this process';

/** Answers what the system does not allow. */
function limit(
  controller: Controller,
  place: CgroupPlace,
  { folder, limits }: { readonly folder: string; readonly limits: TaskLimits },
): string | undefined {
  try {
    const problem = place.version === 2 ? enable(controller, place.path) : undefined;
    if (problem !== undefined) return problem;
    mkdirSync(folder, { recursive: true });
    for (const file of toCgroupFiles(controller, place.version, limits)) write(folder, file);
    return undefined;
  } catch (thrown) {
    return `no cgroup can be made in ${place.path}: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
  }
}

/**
 * Lets the children of a cgroup of version 2 have a controller. A cgroup other than the root cannot hold processes and have children with
 * limits: the memory controller is refused then, and the one of the CPU makes of it a domain of threads whose children nobody can enter.
 */
function enable(controller: Controller, path: string): string | undefined {
  const control = join(path, 'cgroup.subtree_control');
  if (readWords(control).includes(controller)) return undefined;
  if (!readWords(join(path, 'cgroup.controllers')).includes(controller))
    return `the cgroup ${path} does not have this controller`;
  const isRoot = !existsSync(join(path, 'cgroup.type'));
  if (!isRoot && readWords(join(path, 'cgroup.procs')).length > 0)
    return `the cgroup ${path} holds processes itself, the server's perhaps`;
  writeFileSync(control, `+${controller}`);
  return undefined;
}

function write(folder: string, { name, value, isOptional, isBoundByParent }: CgroupFile): void {
  const path = join(folder, name);
  if (isOptional && !existsSync(path)) return;
  try {
    writeFileSync(path, value);
  } catch (thrown) {
    if (!isBoundByParent || !(thrown instanceof Error && 'code' in thrown && thrown.code === 'EINVAL'))
      throw thrown;
  }
}

function readWords(path: string): readonly string[] {
  return readText(path).split(/\s+/).filter(Boolean);
}

/** Empty of a file that is not there. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
