import path from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { awaitEnd, type ChildProcesses } from './child-processes.ts';
import { DemoFailure } from './demo-failure.ts';
import { checkout } from './demo-home.ts';
import type { Terminal } from './terminal.ts';

/** The command `optimus`, run as a user would: what is typed and what it answers are both shown. */
export interface OptimusCli {
  /**
   * Answers what the command wrote to standard output.
   * @throws DemoFailure when it ends with anything but 0
   */
  run(args: readonly string[]): Promise<string>;
}

/** The command line of the built CLI, under the Node that runs the demo. */
export const optimusCommand: readonly [string, string] = [
  process.execPath,
  path.join(checkout, 'apps/cli/bin/optimus.mjs'),
];

export function createOptimusCli(options: {
  readonly children: ChildProcesses;
  readonly terminal: Terminal;
  /** The folder in which the commands are typed. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}): OptimusCli {
  return { run: (args) => runShown(options, args) };
}

async function runShown(
  { children, terminal, cwd, env }: Parameters<typeof createOptimusCli>[0],
  args: readonly string[],
): Promise<string> {
  terminal.command(toTyped(['optimus', ...args]));
  const child = children.start('optimus', [...optimusCommand, ...args], {
    cwd,
    // The output is dimmed as a whole, so it brings no colours of its own.
    env: { ...env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const collected = new PassThrough();
  child.stdout?.pipe(collected);
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (piece: string) => terminal.output(piece));
  }
  const [end, output] = await Promise.all([awaitEnd(child), text(collected)]);
  if (end !== 0)
    throw new DemoFailure(`optimus ${args.slice(0, 2).join(' ')} ended with ${end}; see its words above`);
  return output;
}

/** A command line that a POSIX shell reads back as exactly these words. */
export function toTyped(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w./:@=,+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ');
}
