import { createTerminal, type Terminal } from '../terminal/terminal.ts';

/** A terminal that keeps what is printed on it. */
export interface CapturedTerminal extends Terminal {
  readonly printed: readonly string[];
  readonly noted: readonly string[];
}

/** A terminal without colours and without a person, in the given folder. */
export function captureTerminal(cwd = process.cwd()): CapturedTerminal {
  const printed: string[] = [];
  const noted: string[] = [];
  return {
    ...createTerminal(process),
    cwd,
    isInteractive: false,
    print: (line) => void printed.push(line),
    note: (line) => void noted.push(line),
    style: (_style, text) => text,
    printed,
    noted,
  };
}
