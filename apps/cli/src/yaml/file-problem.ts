import { OptimusError } from '@optimus/domain';

/** One thing wrong in a file, told so that its author can find and mend it. */
export interface FileProblem {
  /** As the user would name it: relative to the working folder. */
  readonly file: string;
  /** From 1 on; 0 when the problem is the whole file's. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** `file:line:column message`. */
export function formatProblem({ file, line, column, message }: FileProblem): string {
  return line === 0 ? `${file} ${message}` : `${file}:${line}:${column} ${message}`;
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
