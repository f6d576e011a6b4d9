import { styleText } from 'node:util';

/** How a piece of output is shown where colours are on. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** The world of one invocation: streams, environment and working folder. */
export interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** True when a person can be asked: stdin and stdout are terminals. */
  readonly isInteractive: boolean;
  now(): Date;
  /** Writes a line to stdout. */
  print(line: string): void;
  /** Writes a line to stderr: what is said about the work rather than its result. */
  note(line: string): void;
  /** The text in the style, or as it is where the stream has no colours. */
  style(style: Style, text: string, stream?: 'stdout' | 'stderr'): string;
}

/** The terminal of a process. */
export function createTerminal(host: NodeJS.Process): Terminal {
  leaveQuietlyWhenReaderIsGone(host);
  return Object.freeze({
    stdin: host.stdin,
    stdout: host.stdout,
    stderr: host.stderr,
    env: host.env,
    cwd: host.cwd(),
    isInteractive: host.stdin.isTTY && host.stdout.isTTY,
    now: () => new Date(),
    print: (line: string) => void host.stdout.write(`${line}\n`),
    note: (line: string) => void host.stderr.write(`${line}\n`),
    style: (style: Style, text: string, stream: 'stdout' | 'stderr' = 'stdout') =>
      styleText(style, text, { stream: host[stream] }),
  });
}

/** Turns colours off for everything that follows, whoever prints it. */
export function turnColoursOff(env: NodeJS.ProcessEnv): void {
  delete env['FORCE_COLOR'];
  env['NO_COLOR'] = '1';
}

/** `optimus job list | head` ends when head has seen enough. */
function leaveQuietlyWhenReaderIsGone(host: NodeJS.Process): void {
  host.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    host.exit(0);
  });
}
