import { describe, expect, it } from 'vitest';
import { computeExpectedEnd } from './judge-lateness.ts';
import { sayCount, sayDuration } from './say.ts';

const TICK = new Date('2022-09-19T02:00:00Z');
const MINUTE = 60_000;
const usual = { runs: 5, durationMs: 10 * MINUTE, delayMs: 2 * MINUTE };

function expectedOf(
  parts: { readonly deployedAt?: string; readonly startedAt?: string; readonly tries?: number },
  times:
    | typeof usual
    | { readonly runs: number; readonly durationMs: number; readonly delayMs: undefined }
    | undefined = usual,
): string | undefined {
  const { deployedAt = '2022-01-01', startedAt, tries } = parts;
  const attempts = tries === undefined ? [] : [{ number: 2 }];
  const run = {
    scheduledAt: TICK,
    version: { number: 1, deployedAt: new Date(deployedAt) },
    startedAt: startedAt === undefined ? undefined : new Date(startedAt),
    instances: [{ attempts, tries: tries ?? 0 }],
  };
  return computeExpectedEnd(run as never, { usual: times })?.toISOString();
}

describe('when a run should be over', () => {
  it('is the usual delay and duration after its tick, and half of both more', () => {
    expect(expectedOf({})).toBe('2022-09-19T02:18:00.000Z');
  });

  it('has a margin of a minute at least', () => {
    expect(expectedOf({}, { runs: 3, durationMs: 1000, delayMs: 0 })).toBe('2022-09-19T02:01:01.000Z');
  });

  it('is counted from its beginning when it was planned after it came due, or begins anew', () => {
    expect(expectedOf({ deployedAt: '2022-12-01' })).toBeUndefined();
    const startedAt = '2022-12-01T10:00:00Z';
    expect(expectedOf({ deployedAt: '2022-12-01', startedAt })).toBe('2022-12-01T10:15:00.000Z');
    expect(expectedOf({ startedAt, tries: 1 })).toBe('2022-12-01T10:15:00.000Z');
    expect(expectedOf({ startedAt, tries: 2 })).toBe('2022-09-19T02:18:00.000Z');
  });

  it('is not known when its last runs do not say', () => {
    expect(computeExpectedEnd({ scheduledAt: TICK } as never, { usual: undefined })).toBeUndefined();
    expect(expectedOf({}, { runs: 3, durationMs: 1000, delayMs: undefined })).toBeUndefined();
  });
});

describe('a sentence', () => {
  it.each([
    [0, '0.0 s'],
    [4230, '4.2 s'],
    [60_000, '1 min'],
    [3 * 3_600_000 + 12 * MINUTE + 5000, '3 h 12 min'],
    [25 * 3_600_000, '1 d 1 h'],
    [2 * 86_400_000, '2 d'],
  ])('says %s ms as %s', (ms, said) => {
    expect(sayDuration(ms)).toBe(said);
  });

  it.each([
    [0, '0 runs'],
    [1, '1 run'],
    [1000, '1,000 runs or more'],
  ])('says %s as %s', (count, said) => {
    expect(sayCount(count, 'run')).toBe(said);
  });
});
