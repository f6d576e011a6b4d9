import { describe, expect, it } from 'vitest';
import { computeRows } from './compute-rows.ts';
import { viewWindow } from './view-window.ts';
import { createWindowState, type WindowState } from './window-state.ts';

const state = createWindowState({
  version: 3,
  size: '1d',
  shiftBy: '-1d',
  truncateTo: 'h',
  location: 'Asia/Jakarta',
  interval: '0 3 * * *',
  from: new Date('2023-11-30T12:00:00Z'),
  count: 1,
});

function show(changes: Partial<WindowState> = {}): string {
  const shown = { ...state, ...changes };
  return viewWindow(shown, computeRows(shown))
    .map(({ text }) => text)
    .join('\n');
}

describe('the screen', () => {
  it('shows the fields, the next runs by the clock of the zone, and the keys', () => {
    expect(show()).toBe(`What a run covers

  version      3
› size         1d
  shift_by     -1d
  truncate_to  h
  location     Asia/Jakarta
  interval     0 3 * * *
  runs after   2023-11-30T12:00:00Z

SCHEDULED AT          START in Asia/Jakarta      END in Asia/Jakarta
2023-12-01T03:00:00Z  2023-11-29T10:00:00+07:00  2023-11-30T10:00:00+07:00

↑ ↓ choose   ← → change   u unit   q quit`);
  });

  it('names what is absent', () => {
    const shown = show({ shiftBy: '', truncateTo: '', location: '' });
    expect(shown).toContain('  shift_by     (none)\n  truncate_to  (unit of the size)\n  location     UTC\n');
    const older = show({ version: 2, size: '24h', shiftBy: '', truncateTo: '', location: '' });
    expect(older).toContain('  offset       (none)\n  truncate_to  (none)\n');
  });

  it('says what is wrong instead of runs', () => {
    expect(show({ size: '2x' })).toContain('window size "2x" has an invalid unit x');
    expect(show({ version: 2, size: '24h', shiftBy: '' })).toContain('has no meaning before version 3');
    expect(show({ interval: '0 0 31 2 *' })).toContain('the schedule has no runs after this time');
  });
});

describe('what is wrong', () => {
  it.each([
    [{ size: '2x' }, 'size'],
    [{ shiftBy: '2x' }, 'shift-by'],
    [{ truncateTo: 'D' }, 'truncate-to'],
    [{ location: 'Nowhere/Land' }, 'location'],
    [{ interval: 'x' }, 'interval'],
  ])('is told by its flag: %j', (changes, flag) => {
    expect(computeRows({ ...state, ...changes })).toMatchObject({ ok: false, flag });
  });
});
