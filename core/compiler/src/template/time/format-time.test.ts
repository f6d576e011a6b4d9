import { findZone, toFixedZone, UTC } from '@optimus/domain/zone';
import { describe, expect, it } from 'vitest';
import { formatCoarseDuration, formatDuration } from './duration.ts';
import { formatTime } from './format-time.ts';
import { parseLayout } from './layout.ts';
import { TemplateTime } from './template-time.ts';

const sunday = new TemplateTime(1_663_466_405_006_007_008n, UTC);

describe('a layout', () => {
  it.each([
    ['2006-01-02', '2022-09-18'],
    ['06-1-2', '22-9-18'],
    ['January Jan Monday Mon', 'September Sep Sunday Sun'],
    ['Janet Monkey', 'Janet Monkey'],
    ['15:04:05', '02:00:05'],
    ['3:4:5 PM pm', '2:0:5 AM am'],
    ['03', '02'],
    ['_2 __2 002', '18 261 261'],
    ['_2006', '_2022'],
    ['.000 .999999 ,000000000', '.006 .006007 ,006007008'],
    ['Z07:00 -07:00 -0700 -07 -070000', 'Z +00:00 +0000 +00 +000000'],
    ['MST', 'UTC'],
    ['no parts', 'no parts'],
    ['', ''],
  ])('%j writes %j', (layout, expected) => {
    expect(formatTime(layout, sunday.toCivil())).toBe(expected);
  });

  it('is taken apart into parts and text', () => {
    expect(parseLayout('on 2006!')).toEqual([
      { kind: 'text', text: 'on ' },
      { kind: 'part', text: '2006' },
      { kind: 'text', text: '!' },
    ]);
  });
});

describe('a zone', () => {
  it.each([
    ['Europe/Berlin', '2024-07-15T12:00:00Z', '14:00 CEST +0200'],
    ['Europe/Berlin', '2024-01-15T12:00:00Z', '13:00 CET +0100'],
    ['America/New_York', '2024-07-15T12:00:00Z', '08:00 EDT -0400'],
    ['Asia/Jakarta', '2024-07-15T12:00:00Z', '19:00 WIB +0700'],
    ['America/Sao_Paulo', '2024-07-15T12:00:00Z', '09:00 -03 -0300'],
    ['Asia/Kathmandu', '2024-07-15T12:00:00Z', '17:45 +0545 +0545'],
    ['Australia/Sydney', '2024-01-15T12:00:00Z', '23:00 AEDT +1100'],
  ])('%s at %s shows %s', (name, at, expected) => {
    const zone = findZone(name) ?? UTC;
    expect(formatTime('15:04 MST -0700', TemplateTime.fromDate(new Date(at)).in(zone).toCivil())).toBe(
      expected,
    );
  });

  it('without letters is written by its distance from UTC', () => {
    expect(sunday.in(toFixedZone('', 5400)).print()).toBe('2022-09-18 03:30:05.006007008 +0130 +0130');
  });

  it.each(['Nowhere/City', '+05:00', 'europe berlin', '', 'UTC[u-ca=iso8601]'])(
    '%j is none, or UTC',
    (name) => {
      expect(findZone(name) ?? UTC).toBe(UTC);
    },
  );
});

describe('a duration', () => {
  it.each([
    [0n, '0s'],
    [1n, '1ns'],
    [1500n, '1.5µs'],
    [2_000_000n, '2ms'],
    [1_500_000_000n, '1.5s'],
    [3_600_000_000_000n, '1h0m0s'],
    [-90_000_000_000n, '-1m30s'],
  ])('of %s nanoseconds is %s', (nanoseconds, expected) => {
    expect(formatDuration(nanoseconds)).toBe(expected);
  });

  it.each([
    [0n, '0s'],
    [61n, '1m'],
    [3_601n, '1h'],
    [86_400n * 40n, '1mo'],
    [86_400n * 800n, '2y'],
    [-7_300n, '2h'],
  ])('of %s seconds is about %s', (seconds, expected) => {
    expect(formatCoarseDuration(seconds * 1_000_000_000n)).toBe(expected);
  });
});
