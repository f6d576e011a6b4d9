import { describe, expect, it } from 'vitest';
import { RememberedRows } from './remembered-rows.ts';

const STORED = { lines: ['a\t1', 'b\t', 'c\t3\tx'], numbers: [2, 0.5, 7, 0, 1, 9] };

describe('remembered rows', () => {
  it('are found by their keys, in any order', () => {
    const rows = new RememberedRows(STORED);
    expect(['c', 'a', 'b', 'b', 'c', 'ab', ''].map((key) => rows.find(key))).toEqual([2, 0, 1, 1, 2, -1, -1]);
    expect(rows.getText(2, 'c')).toBe('3\tx');
  });

  it('have just the numbers that they were kept with', () => {
    const rows = new RememberedRows(STORED);
    expect(rows.hasNumbers(0, [0.5, 7])).toBe(true);
    expect(rows.hasNumbers(0, [0.5])).toBe(false);
    expect(rows.hasNumbers(0, [0.5, 8])).toBe(false);
    expect(rows.hasNumbers(1, [])).toBe(true);
    expect(rows.hasNumbers(1, [1])).toBe(false);
    expect(rows.hasNumbers(2, [9])).toBe(true);
  });

  it('are unchanged when all are retained, and nothing is added', () => {
    const rows = new RememberedRows(STORED);
    for (const row of [0, 1, 2]) rows.retain(row);
    expect(rows.isChanged).toBe(false);
    expect(rows.toStored()).toEqual(STORED);
  });

  it('leave what was retained and kept, in the order of asking', () => {
    const rows = new RememberedRows(STORED);
    rows.retain(2);
    rows.keep('d', 'new', [4]);
    rows.retain(0);
    expect(rows.isChanged).toBe(true);
    expect(rows.toStored()).toEqual({
      lines: ['c\t3\tx', 'd\tnew', 'a\t1'],
      numbers: [1, 9, 1, 4, 2, 0.5, 7],
    });
  });

  it('leave out what a line cannot hold', () => {
    const rows = new RememberedRows({ lines: [], numbers: [] });
    rows.keep('a\tb', '', []);
    rows.keep('a\nb', '', []);
    rows.keep('a', 'x\ny', []);
    expect(rows.isChanged).toBe(false);
  });
});
