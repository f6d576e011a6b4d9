import { OptimusError, toErrorMessage } from '@optimus/domain';
import { isUsageError } from '../command-line/usage-error.ts';
import type { Terminal } from '../terminal/terminal.ts';

const FAILED = 1;
const CALLED_WRONGLY = 2;
const CANCELLED = 130;

/** Prints what went wrong to stderr (the error, its cause, the next step) and answers the exit code. */
export function reportFailure(thrown: unknown, terminal: Terminal): number {
  terminal.note(formatFailure(thrown, terminal));
  if (!(thrown instanceof OptimusError)) return FAILED;
  if (thrown.code === 'CANCELLED') return CANCELLED;
  return isUsageError(thrown) ? CALLED_WRONGLY : FAILED;
}

/** The text of a failure: `Error: … `, then its cause, then `→ next step`, each on lines of their own. */
function formatFailure(thrown: unknown, terminal: Pick<Terminal, 'style'>): string {
  const label = terminal.style('red', 'Error:', 'stderr');
  const lines = [`${label} ${indentRest(toErrorMessage(thrown))}`];
  for (const cause of listCauses(thrown)) lines.push(terminal.style('dim', `  cause ${cause}`, 'stderr'));
  if (thrown instanceof OptimusError && thrown.hint !== undefined) lines.push(`  → ${thrown.hint}`);
  return lines.join('\n');
}

/** Messages of the causes, without those that an outer message already repeats. */
function listCauses(thrown: unknown): readonly string[] {
  const causes: string[] = [];
  let outer = toErrorMessage(thrown);
  let cause = thrown instanceof Error ? thrown.cause : undefined;
  while (cause !== undefined && causes.length < 5) {
    const message = toErrorMessage(cause).split('\n')[0] ?? '';
    if (message !== '' && !outer.includes(message)) causes.push(message);
    outer = message;
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return causes;
}

function indentRest(message: string): string {
  return message.replaceAll('\n', '\n  ');
}
