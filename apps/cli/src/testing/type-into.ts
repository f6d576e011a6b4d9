import { spawn, spawnSync } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { OPTIMUS } from './run-optimus.ts';

/** What is typed once a text is on the screen. */
export type Keystroke = readonly [shown: string, typed: string];

/** Comes with util-linux; the programs of this name on other systems are called differently. */
const TERMINAL_PROGRAM = 'script';

/** Whether this machine can give a program a terminal: `script` of util-linux does. */
export function hasTerminals(): boolean {
  const { status, stdout } = spawnSync(TERMINAL_PROGRAM, ['--version'], { encoding: 'utf8' });
  return status === 0 && stdout.includes('util-linux');
}

/** Runs the command on a terminal of its own and types as its questions appear. Answers all that was shown, as plain text. */
export async function typeInto(
  args: readonly string[],
  keystrokes: readonly Keystroke[],
  { cwd, env }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<{ readonly code: number | null; readonly screen: string }> {
  const command = [...OPTIMUS, ...args].map((part) => `'${part}'`).join(' ');
  const child = spawn(TERMINAL_PROGRAM, ['-qec', `stty cols 150 rows 40; exec ${command}`, '/dev/null'], {
    cwd,
    env: { ...process.env, TERM: 'xterm', CI: undefined, ...env },
  });
  let screen = '';
  let seen = 0;
  const waiting = [...keystrokes];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    screen += stripVTControlCharacters(chunk);
    const [next] = waiting;
    const at = next === undefined ? -1 : screen.indexOf(next[0], seen);
    if (next === undefined || at < 0) return;
    seen = screen.length;
    waiting.shift();
    child.stdin.write(next[1]);
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, screen };
}
