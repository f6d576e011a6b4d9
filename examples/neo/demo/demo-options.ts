import { parseArgs } from 'node:util';
import { DemoFailure } from './demo-failure.ts';

/** What the person at the keyboard asked for. */
export interface DemoOptions {
  /** Leave server and feed running at the end. */
  readonly keep: boolean;
  readonly help: boolean;
}

export const demoHelp = `Usage: npm run demo [-- --keep]

Runs a whole week of the near-Earth object job on this machine, from an empty server to the last log line.
Everything it makes lies in .demo/ and is made anew at each run.

  --keep   leave the server up at the end, to look around
  --help   show this
`;

/** @throws DemoFailure naming the flag that is not known */
export function parseDemoOptions(args: readonly string[]): DemoOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { keep: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
    });
    return values;
  } catch (cause) {
    throw new DemoFailure(`${cause instanceof Error ? cause.message : String(cause)}\n\n${demoHelp}`, {
      cause,
    });
  }
}
