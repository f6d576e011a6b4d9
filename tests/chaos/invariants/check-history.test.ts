import { describe, expect, it } from 'vitest';
import { HOME, makeCalmHistory } from './calm-history.ts';
import { listOverlaps } from './check-attempts.ts';
import { checkHistory } from './check-history.ts';
import type { History } from './history.ts';

const calm = makeCalmHistory();

it('finds nothing wrong in a lake where nothing went wrong', () => {
  expect(checkHistory(calm)).toEqual([]);
});

it('misses no tick of the time before every tick counted', () => {
  const { runs } = calm;
  const second = runs.findIndex(({ job }) => job === 'well_1') + 1;
  const history = { ...calm, runs: runs.filter((_, index) => index !== second) };
  expect(checkHistory(history)).toContainEqual(expect.objectContaining({ damage: 'lost' }));
  const liveSince = runs[second]?.scheduledAt ?? new Date(0);
  expect(checkHistory({ ...history, liveSince }).filter(({ damage }) => damage === 'lost')).toEqual([]);
});

it('lets a run begin at once that was canceled and runs again', () => {
  const run = calm.runs.find(({ job }) => job === 'brook');
  if (!run) throw new Error('the calm history has one');
  const early = change('sightings', '"brook', { starts: [1] });
  const events = [{ runId: run.id, attemptId: null, state: 'canceled' }, ...early.events];
  expect(checkHistory({ ...early, events })).toEqual([]);
});

/** The calm history with one of its lists changed at one place. */
function change<K extends 'runs' | 'instances' | 'attempts' | 'events' | 'sightings'>(
  list: K,
  job: string,
  changes: Partial<History[K][number]>,
): History {
  const at = calm[list].findIndex((record) => JSON.stringify(record).includes(job));
  return {
    ...calm,
    [list]: calm[list].map((record, index) => (index === at ? { ...record, ...changes } : record)),
  };
}

function drop(job: string): History {
  const at = calm.runs.findLastIndex((run) => run.job === job);
  return { ...calm, runs: calm.runs.filter((_, index) => index !== at) };
}

const [first] = calm.sightings.filter(({ job }) => job === 'spring');
const [, secondMill] = calm.sightings.filter(({ job }) => job === 'mill');
if (!first || !secondMill) throw new Error('the calm history has these');
/** What a second attempt of the first one's instance notes. */
const again = { ...first, attemptId: 'again', starts: [(first.starts[0] ?? 0) + 5] };
const withAgain: History = { ...calm, sightings: [...calm.sightings, again] };

const BROKEN: readonly (readonly [string, string, History])[] = [
  ['lost', 'every tick of a live schedule has a run', drop('spring')],
  ['doubled', 'a tick has one run', { ...calm, runs: [...calm.runs, ...calm.runs.slice(0, 1)] }],
  [
    'lost',
    'every tick of a live schedule has a run',
    change('runs', 'pond', { scheduledAt: new Date(Date.parse('2026-03-01T00:00:01Z')) }),
  ],
  ['broken', 'a run begins after what it waits for', change('sightings', '"brook', { starts: [1] })],
  ['broken', 'a run begins after what it waits for', change('sightings', '"spring', { end: undefined })],
  ['doubled', 'an attempt is started once', change('sightings', '"mill', { starts: [1, 2] })],
  ['broken', 'what runs is an attempt of the database', withAgain],
  ['doubled', 'attempts of one instance do not overlap', withAgain],
  ['lost', 'an attempt ends', change('attempts', 'mill', { state: 'running', finishedAt: null })],
  ['broken', 'the exit code of a task is kept', change('attempts', 'mill', { state: 'failed', exitCode: 1 })],
  ['broken', 'the exit code of a task is kept', change('sightings', '"mill', { end: undefined })],
  ['lost', 'the output of a task is complete', { ...calm, outputs: new Map() }],
  ['lost', 'a run ends', change('runs', 'mill', { state: 'queued' })],
  ['broken', 'a run is what its instances make it', change('instances', 'mill', { state: 'failed' })],
  ['broken', 'an attempt has two events', { ...calm, events: calm.events.slice(0, -1) }],
  ['broken', 'the last event is the state', change('runs', 'mill', { state: 'failed' })],
  ['broken', 'a run keeps its version', change('sightings', '"mill', { mark: '2' })],
  ['broken', 'limits hold', change('sightings', '"mill', { lastSeenAt: secondMill.lastSeenAt + 1 })],
];

describe('a history', () => {
  it.each(BROKEN)('in which something is %s: %s', (damage, invariant, history) => {
    expect(checkHistory(history)).toContainEqual(expect.objectContaining({ damage, invariant }));
  });

  it('in which an instance has succeeded twice', () => {
    const [attempt] = calm.attempts;
    if (!attempt) throw new Error('there are attempts');
    const twice = { ...calm, attempts: [...calm.attempts, { ...attempt, id: 'again', number: 2 }] };
    expect(checkHistory(twice)).toContainEqual(
      expect.objectContaining({ damage: 'doubled', invariant: 'an instance succeeds once' }),
    );
    const byHand = { ...twice, touched: new Set([calm.runs[0]?.job ?? '']) };
    expect(checkHistory(byHand)).not.toContainEqual(
      expect.objectContaining({ invariant: 'an instance succeeds once' }),
    );
  });
});

describe('tasks of one instance that ran side by side', () => {
  const start = again.starts[0] ?? 0;
  const lost = {
    ...withAgain,
    attempts: calm.attempts.map((one) => (one.id === first.attemptId ? { ...one, state: 'lost' } : one)),
  };
  const cutOff = { home: HOME, from: start - 7_000, to: start + 1_000 };

  it('are excused when the first one is lost, and its server was cut off for a whole lease', () => {
    expect(listOverlaps({ ...lost, cutOffs: [cutOff] }).map(({ isExcused }) => isExcused)).toEqual([true]);
  });

  it('are excused when the server of the lost one stood still before it began, and began it late', () => {
    const late = { ...again, attemptId: 'late', home: '/stage/server-2', starts: [start + 100] };
    const sightings = [{ ...again, lastSeenAt: start + 200 }, late];
    const attempts = [
      ...calm.attempts,
      ...calm.attempts.map((one) => ({ ...one, id: 'late', state: 'lost' })),
    ];
    const history = { ...calm, sightings, attempts, cutOffs: [{ ...cutOff, home: late.home }] };
    expect(listOverlaps(history).map(({ isExcused }) => isExcused)).toEqual([true]);
    const won = { ...history, attempts: calm.attempts };
    expect(listOverlaps(won).map(({ isExcused }) => isExcused)).toEqual([false]);
  });

  it.each([
    ['was cut off for less', { ...lost, cutOffs: [{ ...cutOff, from: start - 5_000 }] }],
    ['was cut off long ago', { ...lost, cutOffs: [{ ...cutOff, from: 0, to: start - 16_000 }] }],
    ['is another one', { ...lost, cutOffs: [{ ...cutOff, home: '/stage/server-2' }] }],
    ['counts as having ended well', { ...withAgain, cutOffs: [cutOff] }],
  ])('are not when its server %s', (_, history) => {
    expect(listOverlaps(history).map(({ isExcused }) => isExcused)).toEqual([false]);
  });
});
