import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createTerminal } from './terminal.ts';

function createScreen({ isTTY }: { readonly isTTY: boolean }) {
  let shown = '';
  const sink = new Writable({
    write(piece, _, done) {
      shown += String(piece);
      done();
    },
  });
  const stream = Object.assign(sink, { isTTY }) as unknown as NodeJS.WriteStream;
  return { terminal: createTerminal(stream), read: () => shown };
}

describe('a long step', () => {
  it('is two plain lines and its notes where there is no terminal', async () => {
    const { terminal, read } = createScreen({ isTTY: false });
    await terminal.step('Working', async (note) => note('half of it'));
    expect(read()).toMatch(/^Working …\n {2}half of it\n✓ Working \(\d+\.\d s\)\n$/);
  });

  it('is redrawn in place on a terminal, and ends with a mark', async () => {
    const { terminal, read } = createScreen({ isTTY: true });
    await terminal.step('Working', async (note) => note('half of it'));
    expect(read()).toContain('\r\u001B[K');
    expect(read()).toMatch(/Working \(\d+\.\d s\)\n$/);
  });

  it('gives the value of its work, and its failure', async () => {
    const { terminal } = createScreen({ isTTY: true });
    expect(await terminal.step('Working', async () => 7)).toBe(7);
    const failing = terminal.step('Working', () => Promise.reject(new TypeError('no luck')));
    await expect(failing).rejects.toThrow('no luck');
  });
});

describe('a command', () => {
  it('looks as typed, with a prompt', () => {
    const { terminal, read } = createScreen({ isTTY: false });
    terminal.command('optimus deploy');
    expect(read()).toBe('\n$ optimus deploy\n');
  });
});
