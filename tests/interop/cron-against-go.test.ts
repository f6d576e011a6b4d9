import { OptimusError, parseCron } from '@optimus/domain';
import { describe, expect, it } from 'vitest';
import { areAlike, listTicks } from './cron-oracle/compare-ticks.ts';
import { askGo, buildCronOracle } from './cron-oracle/go-cron.ts';
import { askGolden, readGolden, STRETCH_MS } from './cron-oracle/golden.ts';

const oracle = await buildCronOracle();
const program = 'program' in oracle ? oracle.program : '';
const why = 'missing' in oracle ? ` (skipped: there is no ${oracle.missing})` : '';

/** Another seed, other texts: OPTIMUS_CRON_SEED tries them. */
const seed = Number(process.env['OPTIMUS_CRON_SEED'] ?? 20_220_918);
const golden = readGolden();

it('fires when robfig/cron does, in every zone around the days on which its clock was moved', () => {
  const wrong = golden.flatMap(({ zones, stretches }) =>
    zones.flatMap((zone) =>
      stretches.flatMap(({ from, ticks }) =>
        Object.entries(ticks).filter(([text, minutes]) => !isAsGolden({ zone, from, text, minutes })),
      ),
    ),
  );
  expect(golden.flatMap(({ zones }) => zones).length).toBeGreaterThan(590);
  expect(wrong).toEqual([]);
});

interface GoldenCase {
  readonly zone: string;
  readonly from: string;
  readonly text: string;
  readonly minutes: string;
}

function isAsGolden({ zone, from, text, minutes }: GoldenCase): boolean {
  const start = Date.parse(from);
  const go = minutes === '' ? [] : minutes.split(' ').map((minute) => start + Number(minute) * 60_000);
  const range = { from: start, until: start + STRETCH_MS };
  return areAlike({ zone, ...range }, listTicks({ expression: `TZ=${zone} ${text}`, ...range }), go);
}

describe.skipIf(program === '')(`schedules and Go${why}`, () => {
  it('finds the golden file as Go answers today', async () => {
    const zones = golden.flatMap((group) => group.zones).sort();
    expect(await askGolden(program, zones)).toEqual(expect.arrayContaining([...golden]));
  });

  it(`takes what Go takes and refuses what it refuses, but for what docs/schedules.md names (seed ${seed})`, async () => {
    const texts = makeTexts(5000);
    const answers = await askGo(
      program,
      texts.map((expression) => ({ expression, from: 0, until: 1 })),
    );
    const wrong = texts.filter((text, index) => {
      const isRefusedByGo = answers[index]?.error !== undefined;
      return isRefused(text) !== isRefusedByGo && !(isRefused(text) && isStricter(text));
    });
    expect(wrong).toEqual([]);
  });
});

/** Empty entries of lists, ranges that begin with a star, and signs: robfig reads them, and nobody means them. */
function isStricter(text: string): boolean {
  return /(?:^|[\s,]),|,(?:\s|$)|[*?]-|\+/.test(text);
}

function isRefused(text: string): boolean {
  try {
    parseCron(text);
    return false;
  } catch (thrown) {
    if (thrown instanceof OptimusError) return true;
    throw thrown;
  }
}

/** Source: mulberry32. */
function createRandom(start: number): (below: number) => number {
  let state = start;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) % below;
  };
}

function makeTexts(count: number): readonly string[] {
  const random = createRandom(seed);
  const parts =
    '* ? 0 1 5 7 12 31 59 60 99 007 jan Dec sun MON mo , - / */2 1-5 5-1 1/3 */0 */x + L # 1- -1 1,,2'.split(
      ' ',
    );
  const field = () => Array.from({ length: 1 + random(2) }, () => parts[random(parts.length)]).join('');
  const heads = ['', '', '', '', 'TZ=UTC ', 'CRON_TZ=Asia/Tokyo ', 'TZ=Nowhere/Land ', 'TZ=Europe/Berlin'];
  const whole = [
    '@daily',
    '@Daily',
    '@reboot',
    '@every 1h',
    '@every 90s',
    '@every',
    '@every x',
    '@every 1d',
    '',
    '* * * *',
  ];
  return Array.from({ length: count }, () => {
    const head = heads[random(heads.length)] ?? '';
    if (random(10) === 0) return head + (whole[random(whole.length)] ?? '');
    return head + Array.from({ length: 5 }, () => (random(2) === 0 ? '*' : field())).join(' ');
  });
}
