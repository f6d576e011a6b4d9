const SUGGESTION = /\s*\(Did you mean (?<names>.+)\?\)\s*$/s;

/** The words of the argument parser in the form that all errors have: what is wrong, then what to do. */
export function styleUsageError(raw: string): string {
  const names = SUGGESTION.exec(raw)?.groups?.['names'];
  const message = raw
    .replace(SUGGESTION, '')
    .replace(/^error: /, '')
    .trim();
  const step = names === undefined ? 'see what there is with --help' : `did you mean ${names}?`;
  return `Error: ${message}\n  → ${step}\n`;
}
