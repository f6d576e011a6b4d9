import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A package of the repository, by its manifest. */
export interface WorkspacePackage {
  /** Name in its manifest; `@optimus/domain`. */
  readonly name: string;
  /** Relative to the repository, with forward slashes; `core/domain`. Empty for the repository itself. */
  readonly folder: string;
  /** What its source may import at run time. */
  readonly dependencies: ReadonlySet<string>;
  /** What only its tests and types may import. */
  readonly devDependencies: ReadonlySet<string>;
  /** The subpaths others may import: `.`, `./testing`. */
  readonly exports: ReadonlySet<string>;
}

interface Manifest {
  readonly name?: string;
  readonly workspaces?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, unknown>>;
}

const skippedFolders = new Set(['node_modules', 'dist', 'gen', 'fixtures', '.git', '.build']);
const looseFolders = ['scripts', 'tests', 'examples', 'bench'];
const codePattern = /(?<!\.d)\.[cm]?tsx?$|\.mjs$/;

/** Every package of the repository, found by the globs `folder` and `folder/*` of its manifest; the root is not among them. */
export function listPackages(root: string): readonly WorkspacePackage[] {
  const globs = readManifest(root).workspaces ?? [];
  const folders = globs.flatMap((glob) =>
    glob.endsWith('/*') ? listChildren(root, glob.slice(0, -2)) : [glob],
  );
  const packages = folders.filter((folder) => existsSync(path.join(root, folder, 'package.json')));
  return packages.map((folder) => readPackage(root, folder));
}

/** The repository's own manifest as a package: what scripts and journeys may import. */
export function readRootPackage(root: string): WorkspacePackage {
  return readPackage(root, '');
}

/** Code under the `src` folders of the packages, relative to the repository; generated code is left out. */
export function listPackageFiles(root: string, packages: readonly WorkspacePackage[]): readonly string[] {
  return packages.flatMap(({ folder }) => listCode(root, `${folder}/src`));
}

/** Code that belongs to no package: scripts, journeys, examples, benchmarks. */
export function listLooseFiles(root: string): readonly string[] {
  return looseFolders.flatMap((folder) => listCode(root, folder));
}

/** Whether a file is test code: a test, a conformance suite, or part of the journeys. */
export function isTestFile(file: string): boolean {
  return file.endsWith('.test.ts') || /\/src\/(?:.+\/)?testing\//.test(file) || file.startsWith('tests/');
}

function listCode(root: string, folder: string): readonly string[] {
  if (!existsSync(path.join(root, folder))) return [];
  const entries = readdirSync(path.join(root, folder), { withFileTypes: true });
  const sorted = entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return sorted.flatMap((entry) => {
    const name = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return skippedFolders.has(entry.name) ? [] : listCode(root, name);
    return codePattern.test(entry.name) ? [name] : [];
  });
}

function listChildren(root: string, folder: string): readonly string[] {
  if (!existsSync(path.join(root, folder))) return [];
  const entries = readdirSync(path.join(root, folder), { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isDirectory() ? `${folder}/${entry.name}` : [])).toSorted();
}

function readPackage(root: string, folder: string): WorkspacePackage {
  const manifest = readManifest(path.join(root, folder));
  const { dependencies, optionalDependencies, peerDependencies, devDependencies } = manifest;
  return {
    name: manifest.name ?? folder,
    folder,
    dependencies: new Set(Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })),
    devDependencies: new Set(Object.keys(devDependencies ?? {})),
    exports: new Set(Object.keys(manifest.exports ?? {})),
  };
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
}
