import { expect, it } from 'vitest';
import { skipTornLine } from './torn-line.ts';

function take(chunks: readonly string[]): string {
  const skip = skipTornLine();
  return chunks.map((chunk) => Buffer.from(skip(Buffer.from(chunk))).toString()).join('');
}

it('drops the rest of a line, in however many chunks it comes', () => {
  expect(take(['rest\nnext\n'])).toBe('next\n');
  expect(take(['re', 'st', '\n', 'next\nmore'])).toBe('next\nmore');
});

it('drops no more than 4 KiB of a line that does not end', () => {
  expect(take(['x'.repeat(4000), 'y'.repeat(200)])).toBe('y'.repeat(104));
  expect(take([`${'x'.repeat(5000)}\nnext`])).toBe(`${'x'.repeat(904)}\nnext`);
});
