import type { Terminal } from '../terminal/terminal.ts';

/** A line at the bottom of the terminal that shows how far a long step is. */
export interface Progress {
  /** So many more are done. */
  advance(count: number): void;
  /** Takes the line away, for other output or for good. */
  clear(): void;
}

const WIDTH = 30;

/** A bar on stderr where that is a terminal; elsewhere nothing. */
export function createProgress(
  { stderr }: Pick<Terminal, 'stderr'>,
  { label, total }: { readonly label: string; readonly total: number },
): Progress {
  if (!stderr.isTTY || total === 0) return { advance() {}, clear() {} };
  let done = 0;
  const draw = () => {
    const filled = Math.min(WIDTH, Math.round((done / total) * WIDTH));
    stderr.write(`\r${label} ${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${done}/${total}`);
  };
  draw();
  return {
    advance(count) {
      done += count;
      draw();
    },
    clear: () => void stderr.write('\r\u001b[K'),
  };
}
