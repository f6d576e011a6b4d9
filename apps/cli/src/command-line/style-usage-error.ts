const SUGGESTION = /\s*\(Did you mean (?<names>.+)\?\)\s*$/s;

const UNKNOWN_OPTION = /^unknown option/;

/** The words of the argument parser in the form that all errors have: what is wrong, then what to do. */
export function styleUsageError(raw: string, place: 'root' | 'command' = 'command'): string {
  const names = SUGGESTION.exec(raw)?.groups?.['names'];
  const message = raw
    .replace(SUGGESTION, '')
    .replace(/^error: /, '')
    .trim();
  return `Error: ${message}\n  → ${toStep(message, names, place)}\n`;
}

function toStep(message: string, names: string | undefined, place: 'root' | 'command'): string {
  if (names !== undefined) return `did you mean ${names}?`;
  // `optimus --host h job list`: the flag is a good one, in a place where no command is known yet.
  if (place === 'root' && UNKNOWN_OPTION.test(message))
    return 'if it is a flag of a command, write it after the command; see what there is with --help';
  return 'see what there is with --help';
}
