import path from 'node:path';
import type { ImportRule } from '../import-rules.ts';
import { findCycles } from '../source/find-cycles.ts';
import { listImports, type ModuleImport } from '../source/list-imports.ts';
import { parseSource } from '../source/parse-source.ts';
import {
  isTestFile,
  listLooseFiles,
  listPackageFiles,
  listPackages,
  readRootPackage,
  type WorkspacePackage,
} from '../source/source-tree.ts';
import { judgeImport } from './judge-import.ts';

/** An import that breaks a rule. */
export interface Violation {
  /** Relative to the repository. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** What is wrong and why it is banned. */
  readonly message: string;
}

/** What the rules are applied to. */
export interface ImportTree {
  readonly root: string;
  readonly rules: readonly ImportRule[];
}

/** The code that one file imports. */
interface FileImports {
  readonly file: string;
  readonly owner: WorkspacePackage;
  readonly imports: readonly ModuleImport[];
}

/** Holds all code of a repository to the rules. Violations come in order of file and line. */
export function findViolations({ root, rules }: ImportTree): {
  violations: readonly Violation[];
  files: number;
} {
  const packages = listPackages(root);
  const repository = { root: readRootPackage(root), packages, rules };
  const files = listAllImports(root, packages);
  const broken = files.flatMap(({ file, owner, imports }) =>
    imports.flatMap((one) => {
      const message = judgeImport({ ...one, file, owner, isTest: isTestFile(file) }, repository);
      return message === undefined ? [] : [{ file, line: one.line, message }];
    }),
  );
  return { violations: [...broken, ...findCycleViolations(files)], files: files.length };
}

/** Groups of files of the repository that load each other at run time. */
export function findFileCycles(root: string): readonly (readonly string[])[] {
  return findCycles(toGraph(listAllImports(root, listPackages(root))));
}

function listAllImports(root: string, packages: readonly WorkspacePackage[]): readonly FileImports[] {
  const loose = readRootPackage(root);
  const files = [...listPackageFiles(root, packages), ...listLooseFiles(root)];
  return files.map((file) => {
    const owner = packages.find(({ folder }) => file.startsWith(`${folder}/`)) ?? loose;
    return { file, owner, imports: listImports(parseSource(root, file)) };
  });
}

function findCycleViolations(files: readonly FileImports[]): readonly Violation[] {
  return findCycles(toGraph(files)).map((cycle) => ({
    file: cycle[0] ?? '',
    line: 1,
    message: `is part of an import cycle: ${cycle.join(', ')}; what depends on load order breaks without a trace`,
  }));
}

/** A late `import()` counts too: it hides a cycle and does not end it. */
function toGraph(files: readonly FileImports[]): ReadonlyMap<string, readonly string[]> {
  return new Map(
    files.map(({ file, imports }) => [
      file,
      imports
        .filter(({ kind, specifier }) => kind !== 'type' && specifier.startsWith('.'))
        .map(({ specifier }) => path.posix.join(path.posix.dirname(file), specifier)),
    ]),
  );
}
