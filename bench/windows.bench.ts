import { compileRunContext, computeWindow } from '@optimus/compiler';
import {
  type Interval,
  parseNamespaceName,
  parseProjectName,
  renderJob,
  type WindowSpec,
} from '@optimus/domain';
import { createInMemoryPlugins, makeJobSpec } from '@optimus/domain/testing';
import { type Figure, printFigures } from './measure/print-figures.ts';

// Windows of each version beside the bare arithmetic on a Date that gives the same two instants, in turns and in one process;
// then whole contexts, window included, beside the window alone.
const ROUND_MS = 300;
const ROUNDS = 5;
const DAY_MS = 86_400_000;

const tick = new Date('2023-12-01T03:00:00Z');

interface Contender {
  readonly name: string;
  readonly version: number;
  readonly window: WindowSpec;
  readonly bare: (scheduledAt: Date) => Interval;
  readonly against: string;
}

const NONE = { size: '', offset: '', truncateTo: '' };

const contenders: readonly Contender[] = [
  {
    name: 'version 1, a day',
    version: 1,
    window: { size: '24h', offset: '0', truncateTo: 'd' },
    bare: (at) => toDayBefore(at, 0),
    against: 'division of the time',
  },
  {
    name: 'version 2, a month',
    version: 2,
    window: { size: '1M', offset: '0', truncateTo: 'M' },
    bare: toMonthBefore,
    against: 'Date.UTC twice',
  },
  {
    name: 'version 3, a day',
    version: 3,
    window: { ...NONE, size: '1d' },
    bare: (at) => toDayBefore(at, 0),
    against: 'division of the time',
  },
  {
    name: 'version 3, a day in Jakarta',
    version: 3,
    window: { ...NONE, size: '1d', location: 'Asia/Jakarta' },
    bare: (at) => toDayBefore(at, 7 * 3_600_000),
    against: 'the same, 7 hours on',
  },
];

for (const contender of contenders) assertSame(contender);
printFigures([...contenders.map(measureContender), await measureContext()]);

function measureContender({ name, version, window, bare, against }: Contender): Figure {
  const spec = { version, task: { name: 'neo', config: [], window } };
  const best = { ours: 0, bare: 0 };
  for (let round = 0; round < ROUNDS; round += 1) {
    best.ours = Math.max(
      best.ours,
      measure((at) => computeWindow(spec, at)),
    );
    best.bare = Math.max(best.bare, measure(bare));
  }
  return { name, ...best, against, unit: 'windows/s' };
}

/** Ticks of different days, so that nothing can be remembered from one to the next. */
function measure(compute: (at: Date) => Interval): number {
  const startedAt = performance.now();
  let count = 0;
  while (performance.now() - startedAt < ROUND_MS) {
    for (let day = 0; day < 100; day += 1) compute(new Date(tick.getTime() + day * DAY_MS));
    count += 100;
  }
  return count / ((performance.now() - startedAt) / 1000);
}

async function measureContext(): Promise<Figure> {
  const spec = makeJobSpec();
  const project = { name: parseProjectName('space'), config: { BUCKET: 'lake' } };
  const namespace = { project: project.name, name: parseNamespaceName('sky'), config: {} };
  const deps = { plugins: createInMemoryPlugins([]), computeWindow, compileRunContext };
  const input = { spec, project, namespace, secretNames: [], scheduledAt: tick, now: tick };
  const startedAt = performance.now();
  let count = 0;
  for (; performance.now() - startedAt < ROUNDS * ROUND_MS; count += 1) await renderJob(deps, input);
  const ours = count / ((performance.now() - startedAt) / 1000);
  const bare = measure((at) => computeWindow(spec, at));
  return { name: 'a job rendered', ours, bare, against: 'its window alone', unit: 'jobs/s' };
}

function toDayBefore(at: Date, offsetMs: number): Interval {
  const end = Math.floor((at.getTime() + offsetMs) / DAY_MS) * DAY_MS - offsetMs;
  return { start: new Date(end - DAY_MS), end: new Date(end) };
}

function toMonthBefore(at: Date): Interval {
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()];
  return { start: new Date(Date.UTC(year, month - 1, 1)), end: new Date(Date.UTC(year, month, 1)) };
}

/** Bare work that comes to something else would be no measure. */
function assertSame({ name, version, window, bare }: Contender): void {
  const { start, end } = computeWindow({ version, task: { name: 'neo', config: [], window } }, tick);
  const expected = bare(tick);
  if (start.getTime() === expected.start.getTime() && end.getTime() === expected.end.getTime()) return;
  throw new TypeError(`${name}: the bare work gives another window`);
}
