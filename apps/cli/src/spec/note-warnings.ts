import { type FileProblem, formatProblem } from '@optimus/spec';
import type { Terminal } from '../terminal/terminal.ts';

/** So many are shown: a repository that uses one such part uses it in every job. */
const SHOWN = 10;

/** Says which files and parts of the specifications nothing comes of: silence would look like success. */
export function noteWarnings(warnings: readonly FileProblem[], terminal: Terminal): void {
  const label = terminal.style('yellow', 'Warning:', 'stderr');
  for (const warning of warnings.slice(0, SHOWN)) terminal.note(`${label} ${formatProblem(warning)}`);
  const rest = warnings.length - SHOWN;
  if (rest > 0) terminal.note(`${label} and ${rest} more like these`);
}
