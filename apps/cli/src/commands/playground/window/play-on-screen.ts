import { writeSync } from 'node:fs';
import { emitKeypressEvents, type Key as TypedKey } from 'node:readline';
import type { Terminal } from '../../../terminal/terminal.ts';
import { computeRows } from './compute-rows.ts';
import { viewWindow } from './view-window.ts';
import { type Key, pressKey, type WindowState } from './window-state.ts';

// A second screen, so that what stood on the first is there again afterwards; without a cursor.
const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[?25h\u001b[?1049l';
const CLEAR = '\u001b[H\u001b[2J';

const STDOUT = 1;
const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/** Lets a person play until they quit. The terminal is as it was before on every way out: the end, an error, a signal. */
export async function playOnScreen(terminal: Terminal, beginning: WindowState): Promise<void> {
  const restore = takeScreen(terminal);
  try {
    await play(terminal, beginning);
  } finally {
    restore();
  }
}

function play(terminal: Terminal, beginning: WindowState): Promise<void> {
  const { stdin, stdout } = terminal;
  let state = beginning;
  const draw = (): void => void stdout.write(CLEAR + toScreen(terminal, state));
  return new Promise((resolve, reject) => {
    const onKey = (_text: string | undefined, typed: TypedKey): void => {
      try {
        state = pressKey(state, toKey(typed));
        if (state.isOver) end();
        else draw();
      } catch (thrown) {
        end();
        reject(thrown);
      }
    };
    const end = (): void => {
      stdin.off('keypress', onKey).off('end', end);
      stdout.off('resize', draw);
      resolve();
    };
    stdin.on('keypress', onKey).on('end', end);
    stdout.on('resize', draw);
    draw();
  });
}

function toKey({ name = '', shift = false, ctrl = false }: TypedKey): Key {
  return { name: name.toLowerCase(), isShifted: shift, isControl: ctrl };
}

/** As many lines and columns as there are: a line that wraps would push the top away. */
function toScreen(terminal: Terminal, state: WindowState): string {
  const { columns, rows } = terminal.stdout;
  return viewWindow(state, computeRows(state))
    .slice(0, rows)
    .map(({ text, style }) => {
      const line = text.slice(0, columns);
      return style === undefined ? line : terminal.style(style, line);
    })
    .join('\r\n');
}

/** Takes the screen and answers what gives it back, once. */
function takeScreen({ stdin, stdout }: Terminal): () => void {
  let isTaken = true;
  const restore = (): void => {
    if (!isTaken) return;
    isTaken = false;
    giveBack(stdin);
    process.off('exit', restore);
    for (const [signal, leave] of leaving) process.off(signal, leave);
  };
  const leaving = Object.entries(SIGNALS).map(([signal, number]): readonly [string, () => void] => [
    signal,
    () => {
      restore();
      process.exit(128 + number);
    },
  ]);
  process.on('exit', restore);
  for (const [signal, leave] of leaving) process.on(signal, leave);
  emitKeypressEvents(stdin);
  stdin.setRawMode(true).resume();
  stdout.write(ENTER);
  return restore;
}

function giveBack(stdin: Terminal['stdin']): void {
  try {
    stdin.setRawMode(false).pause();
    // Synchronously: after it the process may be gone.
    writeSync(STDOUT, LEAVE);
  } catch {
    // A terminal that was closed has nothing to give back.
  }
}
