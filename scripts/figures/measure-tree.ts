import { readFileSync } from 'node:fs';
import path from 'node:path';
import { findFileCycles } from '../imports/find-violations.ts';
import { parseSource } from '../source/parse-source.ts';
import { isTestFile, listLooseFiles, listPackageFiles, listPackages } from '../source/source-tree.ts';
import { countLines, type FileFigures, measureFile } from './measure-file.ts';

/** A place that breaks a hard limit. */
export interface Offence {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** The figures of a whole repository. */
export interface TreeFigures {
  /** Source files, tests and generated code left out. */
  readonly files: readonly FileFigures[];
  readonly testLines: number;
  readonly cycles: readonly (readonly string[])[];
  readonly offences: readonly Offence[];
}

/** Above these the tree is refused. */
const limits = { fileLines: 500, functionLines: 60 };

/** Measures the code of a repository. */
export function measureTree(root: string): TreeFigures {
  const all = [...listPackageFiles(root, listPackages(root)), ...listLooseFiles(root)];
  const files = all.filter((file) => !isTestFile(file)).map((file) => measureFile(parseSource(root, file)));
  const tests = all.filter(isTestFile);
  const testLines = tests.reduce(
    (sum, file) => sum + countLines(readFileSync(path.join(root, file), 'utf8')),
    0,
  );
  const cycles = findFileCycles(root);
  return { files, testLines, cycles, offences: findOffences(files, cycles) };
}

function findOffences(files: readonly FileFigures[], cycles: TreeFigures['cycles']): readonly Offence[] {
  const fromFiles = files.flatMap((figures) => [...tooLong(figures), ...bareErrors(figures)]);
  const fromCycles = cycles.map((cycle) => ({
    file: cycle[0] ?? '',
    line: 1,
    message: `is part of an import cycle: ${cycle.join(', ')}`,
  }));
  return [...fromFiles, ...fromCycles];
}

function tooLong({ file, lines, functions }: FileFigures): readonly Offence[] {
  const long = functions.filter((one) => one.lines > limits.functionLines);
  const offences = long.map((one) => ({
    file,
    line: one.line,
    message: `a function of ${one.lines} lines; the limit is ${limits.functionLines}: split it by stage`,
  }));
  if (lines <= limits.fileLines) return offences;
  return [
    { file, line: 1, message: `${lines} lines; the limit is ${limits.fileLines}: find the noun between` },
    ...offences,
  ];
}

/** Only `src` answers users: a script's error reaches the engineer who ran it. */
function bareErrors({ file, bareErrorLines }: FileFigures): readonly Offence[] {
  if (!file.includes('/src/')) return [];
  return bareErrorLines.map((line) => ({
    file,
    line,
    message: 'a bare `new Error(`: use the domain error or `invariant()`',
  }));
}
