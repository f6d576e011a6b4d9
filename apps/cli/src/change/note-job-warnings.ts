import type { Terminal } from '../terminal/terminal.ts';

/** What a server says of a job that it takes all the same. */
interface NamedWarning {
  readonly jobName: string;
  readonly message: string;
}

/** So many are shown: what is wrong with one job is often wrong with all of them. */
const SHOWN = 10;

/** Passes on what the server found worth knowing of jobs, by their files where they have some. */
export function noteJobWarnings(
  warnings: readonly NamedWarning[],
  jobs: ReadonlyArray<{ readonly spec: { readonly name: string }; readonly file: string }>,
  terminal: Terminal,
): void {
  const label = terminal.style('yellow', 'Warning:', 'stderr');
  const files = new Map(jobs.map(({ spec, file }) => [spec.name, file]));
  for (const { jobName, message } of warnings.slice(0, SHOWN))
    terminal.note(`${label} ${files.get(jobName) ?? jobName}: ${message}`);
  const rest = warnings.length - SHOWN;
  if (rest > 0) terminal.note(`${label} and ${rest} more of the server`);
}
