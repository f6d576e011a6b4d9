import { parseArgs } from 'node:util';
import { DemoFailure } from './demo-failure.ts';

/** What the person at the keyboard asked for. */
export interface DemoOptions {
  /** Leave server and feed running at the end. */
  readonly keep: boolean;
  /** End what an earlier demo left up, and do nothing else. */
  readonly stop: boolean;
  readonly help: boolean;
}

export const demoHelp = `Usage: npm run demo [-- --keep | --stop]

Runs a whole week of the near-Earth object job on this machine, from an empty server to the last log line.
Everything it makes lies in .demo/ and is made anew at each run.

  --keep   leave the server up at the end, to look around
  --stop   end a server that was left up
  --help   show this
`;

const flag = { type: 'boolean', default: false } as const;

/** @throws DemoFailure naming the flag that is not known */
export function parseDemoOptions(args: readonly string[]): DemoOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { keep: flag, stop: flag, help: flag },
    });
    return values;
  } catch (cause) {
    throw new DemoFailure(`${cause instanceof Error ? cause.message : String(cause)}\n\n${demoHelp}`, {
      cause,
    });
  }
}
