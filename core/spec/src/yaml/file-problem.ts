import { OptimusError } from '@optimus/domain';

/** One thing wrong in a file, told so that its author can find and mend it. */
export interface FileProblem {
  /** As the user would name it: relative to the working folder. */
  readonly file: string;
  /** From 1 on. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** `file:line:column message`. */
export function formatProblem({ file, line, column, message }: FileProblem): string {
  return `${file}:${line}:${column} ${message}`;
}

/** Problems by file, then in the order in which they stand there; the same one is told once. */
export function sortProblems(problems: readonly FileProblem[]): readonly FileProblem[] {
  const byText = new Map(problems.map((problem) => [formatProblem(problem), problem]));
  return [...byText.values()].toSorted(
    (a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column,
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** All problems as one error. */
export function createFilesError(
  code: 'CONFIG_INVALID' | 'SPEC_INVALID',
  problems: readonly FileProblem[],
): OptimusError {
  const files = new Set(problems.map(({ file }) => file));
  const things = `${problems.length} problem${problems.length === 1 ? '' : 's'}`;
  const title = `${things} in ${files.size} file${files.size === 1 ? '' : 's'}`;
  return new OptimusError(code, { message: [title, ...problems.map(formatProblem)].join('\n') });
}
