import { parseTickRule } from '@optimus/domain';
import { printFigures } from './measure/print-figures.ts';

// Ticks one after the other beside a bare loop over Dates that makes as many, in turns and in one process.
const ROUNDS = 5;
const COUNT = 100_000;
const SINCE = new Date('2020-01-01T00:00:00Z');

const rules = [
  { interval: '*/5 * * * *' },
  { interval: '*/5 * * * *', timezone: 'America/New_York' },
  { interval: '30 2 * * 1-5', timezone: 'Europe/Berlin' },
  { interval: '@every 5m', startDate: '2020-01-01' },
];

printFigures(
  rules.map((rule) => {
    const schedule = parseTickRule(rule);
    const best = { ours: 0, bare: 0 };
    for (let round = 0; round < ROUNDS; round += 1) {
      best.ours = Math.max(
        best.ours,
        measure((at) => schedule.next(at) ?? SINCE),
      );
      best.bare = Math.max(
        best.bare,
        measure((at) => new Date(at.getTime() + 300_000)),
      );
    }
    const name = [rule.interval, rule.timezone].filter(Boolean).join(' in ');
    return { name, ...best, against: 'a bare Date loop', unit: 'ticks/s' };
  }),
);

function measure(next: (at: Date) => Date): number {
  const startedAt = performance.now();
  let at = SINCE;
  for (let count = 0; count < COUNT; count += 1) at = next(at);
  return COUNT / ((performance.now() - startedAt) / 1000);
}
