import { expect, test } from 'vitest';
import { Tail } from './tail.ts';

function fill(...lines: ReadonlyArray<string>): ReadonlyArray<string> {
  const tail = new Tail();
  for (const line of lines) tail.add(line);
  return tail.lines;
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => String(index));

test('shows the last twenty lines', () => {
  expect(fill(...numbers(300))).toEqual(numbers(300).slice(-20));
});

test.each(['panic: nil pointer', 'fatal error: all goroutines are asleep'])(
  'shows a crash from "%s" on',
  (line) => {
    expect(fill('before', line, ...numbers(100))).toEqual([line, ...numbers(19)]);
  },
);

test('shows no line in all its length', () => {
  expect(fill('c'.repeat(3000))).toEqual(['c'.repeat(2000)]);
});
