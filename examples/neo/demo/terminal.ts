import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** What the demo shows, and how: colours and a live progress line on a terminal, plain lines elsewhere. */
export interface Terminal {
  /** The headline of a part. */
  title(text: string): void;
  line(text?: string): void;
  /** Output of a program, dimmed. May be called with pieces of lines. */
  output(text: string): void;
  /** A command as a person would type it. */
  command(typed: string): void;
  /** A long step: its name with the seconds counting, then how long it took. */
  step<T>(label: string, work: (note: (detail: string) => void) => Promise<T>): Promise<T>;
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const frameMs = 100;

/** Writes to a stream; `NO_COLOR` and a stream that is no terminal turn colours off. */
export function createTerminal(stream: NodeJS.WriteStream): Terminal {
  const paint = (style: Style, text: string) => styleText(style, text, { stream });
  const write = (text: string) => void stream.write(text);
  return {
    title: (text) => write(`\n${paint('bold', text)}\n`),
    line: (text = '') => write(`${text}\n`),
    output: (text) => write(paint('dim', text)),
    command: (typed) => write(`\n${paint('green', '$')} ${paint('bold', typed)}\n`),
    step: (label, work) => (stream.isTTY ? showLive(stream, label, work) : showPlain(write, label, work)),
  };
}

async function showPlain<T>(
  write: (text: string) => void,
  label: string,
  work: (note: (detail: string) => void) => Promise<T>,
): Promise<T> {
  const startedAt = performance.now();
  write(`${label} …\n`);
  const value = await work((detail) => write(`  ${detail}\n`));
  write(`✓ ${label} (${secondsSince(startedAt)} s)\n`);
  return value;
}

async function showLive<T>(
  stream: NodeJS.WriteStream,
  label: string,
  work: (note: (detail: string) => void) => Promise<T>,
): Promise<T> {
  const startedAt = performance.now();
  let frame = 0;
  const draw = () => {
    const mark = styleText('cyan', frames[frame++ % frames.length] ?? '');
    stream.write(`\r\u001B[K${mark} ${label} … ${secondsSince(startedAt)} s`);
  };
  draw();
  const timer = setInterval(draw, frameMs);
  try {
    const value = await work((detail) => void stream.write(`\r\u001B[K  ${detail}\n`));
    stream.write(`\r\u001B[K${styleText('green', '✓')} ${label} (${secondsSince(startedAt)} s)\n`);
    return value;
  } catch (thrown) {
    stream.write(`\r\u001B[K${styleText('red', '✗')} ${label}\n`);
    throw thrown;
  } finally {
    clearInterval(timer);
  }
}

function secondsSince(startedAt: number): string {
  return ((performance.now() - startedAt) / 1000).toFixed(1);
}
