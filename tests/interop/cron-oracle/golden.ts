import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findZone } from '@optimus/domain/zone';
import { isMovedOddly } from './compare-ticks.ts';
import { askGo, type CronQuestion } from './go-cron.ts';

/** The answers of robfig/cron that schedules are held to without Go, one group a line. */
export const goldenFile = fileURLToPath(new URL('golden.jsonl', import.meta.url));

/** Zones for which robfig/cron answers the same, and its answers around the days on which their clocks were moved. */
export interface GoldenGroup {
  readonly zones: readonly string[];
  readonly stretches: readonly GoldenStretch[];
}

/** Three days and when each expression fires in them, in minutes from their beginning. */
export interface GoldenStretch {
  readonly from: string;
  readonly ticks: Readonly<Record<string, string>>;
}

export const STRETCH_MS = 72 * 3_600_000;

const EXPRESSIONS = [
  '0 * * * *',
  '*/20 0-4 * * *',
  '30 2 * * *',
  '@daily',
  '45 23 * * *',
  '@weekly',
  '0 1,12 1-31/3 * ?',
  '15 3 * mar,Oct,nov 0-2',
];
const MINUTE_MS = 60_000;
const FIRST = Date.parse('2010-01-01T00:00Z');
const LAST = Date.parse('2024-12-01T00:00Z');
/** Three days on which no clock is moved. */
const CALM = Date.parse('2024-12-10T00:00Z');

/** Reads the committed groups. */
export function readGolden(): readonly GoldenGroup[] {
  const lines = readFileSync(goldenFile, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as GoldenGroup);
}

/** Asks Go anew for zones, each of which the platform knows too. */
export async function askGolden(program: string, zones: readonly string[]): Promise<readonly GoldenGroup[]> {
  const asked = zones.flatMap((zone) => findStretches(zone).map((from) => ({ zone, from })));
  const questions = asked.flatMap(({ zone, from }) =>
    EXPRESSIONS.map((text) => toQuestion(zone, text, from)),
  );
  const answers = await askGo(program, questions);
  const stretches = asked.map(({ zone, from }, index) => {
    const ticks = EXPRESSIONS.map((text, place) => {
      const answer = answers[index * EXPRESSIONS.length + place];
      return [text, (answer?.ticks ?? []).map((tick) => (tick - from) / MINUTE_MS).join(' ')] as const;
    });
    return { zone, stretch: { from: new Date(from).toISOString(), ticks: Object.fromEntries(ticks) } };
  });
  const ofZones = Map.groupBy(stretches, ({ zone }) => zone);
  const groups = Map.groupBy(ofZones, ([, all]) => JSON.stringify(all.map(({ stretch }) => stretch)));
  return [...groups].map(([text, members]) => ({
    zones: members.map(([zone]) => zone),
    stretches: JSON.parse(text) as readonly GoldenStretch[],
  }));
}

function toQuestion(zone: string, expression: string, from: number): CronQuestion {
  return { expression: `CRON_TZ=${zone} ${expression}`, from, until: from + STRETCH_MS };
}

/** Around the last change forward and the last one back, or any three days of a clock that was not moved. */
function findStretches(name: string): readonly number[] {
  const changes = new Map<boolean, number>();
  for (let at = LAST; at > FIRST; ) {
    const { fromMs, changedMs, offsetMs, offsetBeforeMs } = findZone(name)?.segmentAt(at) ?? {};
    if (fromMs === undefined || !Number.isFinite(fromMs)) break;
    const isForward = (offsetMs ?? 0) > (offsetBeforeMs ?? 0);
    if (changedMs === fromMs && offsetMs !== offsetBeforeMs && !changes.has(isForward))
      changes.set(isForward, fromMs);
    at = fromMs - 1;
  }
  const starts = [...changes.values()].map((change) => change - STRETCH_MS / 2);
  const asked = starts.filter((from) => !isMovedOddly(name, from - STRETCH_MS, from + 2 * STRETCH_MS));
  return asked.length === 0 ? [CALM] : asked;
}
