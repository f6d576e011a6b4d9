import { expect, test } from 'vitest';
import { FirstLine } from './first-line.ts';
import { LineSplitter } from './line-splitter.ts';

function split(limitBytes: number, ...chunks: ReadonlyArray<string | Buffer>): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter(limitBytes, (line) => lines.push(line));
  for (const chunk of chunks) splitter.push(Buffer.from(chunk));
  splitter.flush();
  return lines;
}

test('lines may be cut anywhere, even within a letter', () => {
  const [first, second] = [Buffer.from('größe\r\n').subarray(0, 4), Buffer.from('größe\r\n').subarray(4)];
  expect(split(100, first, second, 'a\nb', 'c\n\nlast')).toEqual(['größe', 'a', 'bc', 'last']);
});

test('a line without an end comes in pieces', () => {
  expect(split(4, 'aaaaa', 'bbbbb', 'c\n').join('|')).toBe('aaaaa|bbbbb|c');
});

test('bytes that are no text do not stop it', () => {
  expect(split(100, Buffer.from([0xff, 0xfe, 0x0a]), 'next\n')).toHaveLength(2);
});

test('the first line is handed out once, and the rest goes on', async () => {
  const rest: string[] = [];
  const reader = new FirstLine(100, (chunk) => rest.push(chunk.toString()));
  reader.push(Buffer.from('1|1|un'));
  expect(reader.partial).toBe('1|1|un');
  reader.push(Buffer.from('ix\nmore'));
  reader.push(Buffer.from('and more'));
  expect(await reader.line).toBe('1|1|unix');
  expect(rest).toEqual(['more', 'and more']);
});

test('too much without a line break is no line', async () => {
  const reader = new FirstLine(4, () => {});
  reader.push(Buffer.from('aaaaa'));
  expect(await reader.line).toBeUndefined();
});
