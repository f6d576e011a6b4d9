import { describe, expect, it } from 'vitest';
import { fromWallMs, toWall } from './wall-clock.ts';
import { findZone, UTC } from './zone.ts';

const berlin = findZone('Europe/Berlin') ?? UTC;

it('shows what the clock of a zone shows', () => {
  expect(toWall(new Date('2024-07-15T12:00:00Z'), berlin).toISOString()).toBe('2024-07-15T14:00:00.000Z');
  expect(toWall(new Date('2024-01-15T12:00:00Z'), berlin).toISOString()).toBe('2024-01-15T13:00:00.000Z');
});

describe('the instant of a wall time', () => {
  it.each([
    ['2024-07-15T14:00:00Z', '2024-07-15T12:00:00.000Z'],
    ['2024-03-31T00:00:00Z', '2024-03-30T23:00:00.000Z'],
    ['2024-04-01T00:00:00Z', '2024-03-31T22:00:00.000Z'],
    // Skipped: 02:30 does not exist on that day.
    ['2024-03-31T02:30:00Z', '2024-03-31T01:30:00.000Z'],
    ['2024-10-27T04:00:00Z', '2024-10-27T03:00:00.000Z'],
  ])('%s in Berlin is %s', (wall, instant) => {
    expect(new Date(fromWallMs(Date.parse(wall), berlin)).toISOString()).toBe(instant);
  });

  it('is the way back from every hour of a year, where the clock shows it once', () => {
    for (
      let at = Date.parse('2023-01-01T00:00:00Z');
      at < Date.parse('2024-01-01T00:00:00Z');
      at += 3_600_000
    ) {
      const wall = toWall(new Date(at), berlin).getTime();
      const back = fromWallMs(wall, berlin);
      expect(toWall(new Date(back), berlin).getTime()).toBe(wall);
    }
  });
});

it('remembers the offsets of old times and new ones apart', () => {
  const liberia = findZone('Africa/Monrovia') ?? UTC;
  expect(liberia.offsetAt(Date.parse('1971-01-01T00:00:00Z') / 1000)).toBe(-2670);
  expect(liberia.offsetAt(Date.parse('1974-01-01T00:00:00Z') / 1000)).toBe(0);
  const before = Date.parse('2024-03-31T00:59:59Z') / 1000;
  expect([berlin.offsetAt(before), berlin.offsetAt(before + 1), berlin.offsetAt(before)]).toEqual([
    3600, 7200, 3600,
  ]);
});
