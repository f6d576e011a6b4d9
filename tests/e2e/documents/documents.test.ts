import { describe, expect, it } from 'vitest';
import { findUntrueLine } from './match-output.ts';
import { parseConsoleBlocks } from './parse-console-blocks.ts';

describe('the commands of a document', () => {
  it('are those of its console blocks, with what they print', () => {
    const markdown = [
      '# Title',
      '```console',
      '$ one',
      'a',
      'b',
      '',
      '$ two',
      '```',
      '```sh',
      '$ three',
      '```',
    ];
    expect(parseConsoleBlocks(markdown.join('\n'))).toEqual([
      { command: 'one', output: ['a', 'b'], line: 3 },
      { command: 'two', output: [], line: 7 },
    ]);
  });

  it('go on in the next line after a backslash', () => {
    const [command] = parseConsoleBlocks('```console\n$ one \\\n  --flag\nout\n```');
    expect(command).toEqual({ command: 'one \\\n  --flag', output: ['out'], line: 2 });
  });
});

describe('shown output', () => {
  it('is true when it is all there', () => {
    expect(findUntrueLine(['a', 'b'], 'a\nb\n')).toBeUndefined();
  });

  it.each([
    ['a line is missing', ['a', 'c'], 'a\nb\nc\n'],
    ['a line differs', ['a', 'b2'], 'a\nb\n'],
    ['lines are swapped', ['b', 'a'], 'a\nb\n'],
    ['there is no output', ['a'], ''],
  ])('is untrue when %s', (_, shown, real) => {
    expect(findUntrueLine(shown, real)).toBeDefined();
  });

  it('may leave out parts of a line and whole lines with …', () => {
    expect(findUntrueLine(['a … c', '…', 'z'], 'a b c\nx\ny\nz')).toBeUndefined();
    expect(findUntrueLine(['a … d'], 'a b c')).toBe('a … d');
  });

  it('does not mind other durations and ports', () => {
    expect(
      findUntrueLine(['ready on 127.0.0.1:9100 (0.8 s)'], 'ready on 127.0.0.1:4711 (12.1 s)'),
    ).toBeUndefined();
    expect(findUntrueLine(['7 runs'], '8 runs')).toBe('7 runs');
  });

  it('takes signs that mean something in a pattern as they are', () => {
    expect(findUntrueLine(['(2014 KP4) *'], '(2014 KP4) *')).toBeUndefined();
    expect(findUntrueLine(['a.c'], 'abc')).toBe('a.c');
  });
});
