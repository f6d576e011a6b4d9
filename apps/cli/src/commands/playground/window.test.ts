import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { OPTIMUS, runOptimus } from '../../testing/run-optimus.ts';
import { createTemporaryFolder } from '../../testing/temporary-folder.ts';
import { hasTerminals } from '../../testing/type-into.ts';

const ARGS = ['playground', 'window', '--from', '2023-11-30', '--next', '1'];
/** As in `type-into.ts`. */
const TERMINAL_PROGRAM = 'script';
const ESCAPE = '\u001b';
const ENTER_SCREEN = `${ESCAPE}[?1049h`;
const LEAVE_SCREEN = `${ESCAPE}[?25h${ESCAPE}[?1049l`;

/** A shell on a terminal that tells the terminal's settings before and after the command, and how the command ended. */
class Shell {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  screen = '';

  constructor(cwd: string) {
    const command = [...OPTIMUS, ...ARGS].map((part) => `"${part}"`).join(' ');
    const script = `stty cols 100 rows 30; stty -g; sh -c 'echo pid=$$; exec ${command}'; code=$?; echo; echo code=$code; stty -g`;
    this.#child = spawn(TERMINAL_PROGRAM, ['-qec', script, '/dev/null'], {
      cwd,
      env: { ...process.env, TERM: 'xterm', NO_COLOR: '1', FORCE_COLOR: undefined },
    });
    this.#ended = once(this.#child, 'close');
    this.#child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      this.screen += chunk;
    });
  }

  async shows(text: string): Promise<void> {
    await vi.waitUntil(() => this.screen.includes(text), { timeout: 30_000 });
  }

  type(text: string): void {
    this.#child.stdin?.write(text);
  }

  kill(signal: NodeJS.Signals): void {
    process.kill(Number(/pid=(\d+)/.exec(this.screen)?.[1]), signal);
  }

  /** How the command ended, and whether the terminal is as it was before it. */
  async end(): Promise<{ readonly code: number; readonly isGivenBack: boolean }> {
    await this.#ended;
    const settings = [...this.screen.matchAll(/^([\da-f]+(?::[\da-f]+){10,})\r?$/gm)].map(([, text]) => text);
    const hasLeft = this.screen.lastIndexOf(LEAVE_SCREEN) > this.screen.lastIndexOf(ENTER_SCREEN);
    const isGivenBack = hasLeft && settings.length === 2 && settings[0] === settings[1];
    return { code: Number(/code=(\d+)/.exec(this.screen)?.[1]), isGivenBack };
  }
}

describe.skipIf(!hasTerminals())('on a terminal', { timeout: 60_000 }, () => {
  it('changes what the next run covers with each key, and gives the terminal back at the end', async () => {
    const shell = new Shell(await createTemporaryFolder());
    await shell.shows('2023-11-30T02:00:00Z  2023-11-29T00:00:00Z  2023-11-30T00:00:00Z');
    shell.type(`${ESCAPE}[C`);
    await shell.shows('2023-11-30T02:00:00Z  2023-11-28T00:00:00Z  2023-11-30T00:00:00Z');
    shell.type(`${ESCAPE}[B${ESCAPE}[D`);
    await shell.shows('2023-11-30T02:00:00Z  2023-11-27T00:00:00Z  2023-11-29T00:00:00Z');
    shell.type('q');
    expect(await shell.end()).toEqual({ code: 0, isGivenBack: true });
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('gives the terminal back when it is ended by %s', async (signal, code) => {
    const shell = new Shell(await createTemporaryFolder());
    await shell.shows('q quit');
    shell.kill(signal);
    expect(await shell.end()).toEqual({ code, isGivenBack: true });
  });
});

describe('without a terminal', () => {
  it('prints the table of the flags and says why', async () => {
    const { code, stdout, stderr } = await runOptimus(ARGS, { cwd: await createTemporaryFolder() });
    expect(stdout).toContain('2023-11-30T02:00:00Z  2023-11-29T00:00:00Z  2023-11-30T00:00:00Z');
    expect([code, stderr]).toEqual([
      0,
      'there is no terminal to play on, so this is the table of the flags\n',
    ]);
  });

  it('calls a flag that means nothing by its name', async () => {
    const cwd = await createTemporaryFolder();
    const { code, stderr } = await runOptimus([...ARGS, '--truncate-to', 'D', '--output', 'json'], { cwd });
    expect(stderr).toContain('--truncate-to is refused: window truncate_to "D" is not a unit');
    expect(code).toBe(2);
  });
});
