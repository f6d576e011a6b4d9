import { describe, expect, it } from 'vitest';
import { createWindowState, type Key, pressKey, type WindowState } from './window-state.ts';

const beginning = createWindowState({
  version: 3,
  size: '1d',
  shiftBy: '',
  truncateTo: 'd',
  location: '',
  interval: '0 2 * * *',
  from: new Date('2023-11-30T00:00:00Z'),
  count: 5,
});

function press(state: WindowState, ...names: readonly (string | Key)[]): WindowState {
  return names.reduce<WindowState>(
    (before, key) => pressKey(before, typeof key === 'string' ? { name: key } : key),
    state,
  );
}

describe('the cursor', () => {
  it('begins with the size, moves up and down and goes round', () => {
    expect(beginning.selected).toBe('size');
    expect(press(beginning, 'down').selected).toBe('shiftBy');
    expect(press(beginning, 'up', 'up').selected).toBe('from');
    expect(press(beginning, 'up', 'up', 'down', 'down')).toEqual(beginning);
  });
});

describe('a length', () => {
  it('grows and shrinks; a size not below nothing', () => {
    expect(press(beginning, 'right', 'right').size).toBe('3d');
    expect(press(beginning, 'left', 'left').size).toBe('0d');
    expect(press(beginning, 'down', 'left').shiftBy).toBe('-1d');
  });

  it.each([
    ['w', 's'],
    [
      { name: 'up', isShifted: true },
      { name: 'down', isShifted: true },
    ],
  ])('changes with the keys of the older playground too', (more, less) => {
    expect(press(beginning, more).size).toBe('2d');
    expect(press(beginning, more, less).size).toBe('1d');
  });

  it('goes through the units of its version', () => {
    expect(press(beginning, 'u').size).toBe('1w');
    expect(press(beginning, 'u', 'u', 'u', 'u').size).toBe('1h');
    expect(press({ ...beginning, version: 1, size: '24h' }, 'u').size).toBe('24M');
    expect(press(beginning, 'up', 'u').size).toBe('1d');
  });
});

describe('a version', () => {
  const older = press(beginning, 'up', 'left');

  it('takes the window along, in the units that it knows', () => {
    expect(older).toMatchObject({ version: 2, size: '24h', truncateTo: 'd' });
    expect(press({ ...beginning, size: '2y', truncateTo: 'None' }, 'up', 'left')).toMatchObject({
      size: '24M',
      truncateTo: '',
    });
    expect(press(older, 'right')).toMatchObject({ version: 3, size: '24h' });
  });

  it('has its own truncations', () => {
    const onTruncation = { ...older, selected: 'truncateTo' as const };
    const all = [1, 2, 3, 4, 5].map((count) => press(onTruncation, ...Array(count).fill('right')).truncateTo);
    expect(all).toEqual(['w', 'M', '', 'h', 'd']);
  });
});

describe('zone, schedule and time', () => {
  it('go through lists that hold what the flags said', () => {
    const own = createWindowState({ ...beginning, location: 'Africa/Cairo', interval: '*/5 * * * *' });
    expect(press({ ...own, selected: 'location' }, 'right', 'left').location).toBe('Africa/Cairo');
    expect(press({ ...own, selected: 'location' }, 'right').location).toBe('');
    expect(press({ ...own, selected: 'interval' }, 'right', 'left').interval).toBe('*/5 * * * *');
    const later = press({ ...own, selected: 'from' }, 'right').from;
    expect(later).toEqual(new Date('2023-12-01T00:00:00Z'));
  });
});

describe('the end', () => {
  it.each(['q', 'escape', { name: 'c', isControl: true }, { name: 'd', isControl: true }])(
    'comes with %j',
    (key) => {
      expect(press(beginning, key).isOver).toBe(true);
    },
  );

  it('comes with no other key', () => {
    expect(press(beginning, 'x', 'return', '', { name: 'z', isControl: true })).toEqual(beginning);
  });
});
