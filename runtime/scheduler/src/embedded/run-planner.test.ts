import { computeWindow } from '@optimus/compiler';
import { type DueJob, SILENT_LOG } from '@optimus/domain';
import { makeJobSpec } from '@optimus/domain/testing';
import { expect, it } from 'vitest';
import { planAdvance } from './run-planner.ts';

const now = new Date('2022-09-21T12:00:00Z');
const options = { now, computeWindow, asksOthers: false, log: SILENT_LOG };
const due: DueJob = {
  jobId: '1',
  versionId: '2',
  spec: makeJobSpec(),
  nextScheduledAt: new Date('2022-09-20T02:00:00Z'),
};

it('plans every due tick with its window, pinned to the deployed version', () => {
  const advance = planAdvance(due, options);
  expect(advance).toMatchObject({
    jobId: '1',
    from: due.nextScheduledAt,
    to: new Date('2022-09-22T02:00:00Z'),
  });
  expect(
    advance.runs.map(({ versionId, scheduledAt, window }) => [versionId, scheduledAt, window.end]),
  ).toEqual([
    ['2', new Date('2022-09-20T02:00:00Z'), new Date('2022-09-20T00:00:00Z')],
    ['2', new Date('2022-09-21T02:00:00Z'), new Date('2022-09-21T00:00:00Z')],
  ]);
});

it('plans a long past in pieces', () => {
  const spec = makeJobSpec({ schedule: { startDate: '2022-01-01', interval: '* * * * *' } });
  const advance = planAdvance({ ...due, spec }, options);
  expect(advance.runs).toHaveLength(50);
  expect(advance.to).toEqual(new Date('2022-09-20T02:50:00Z'));
});

it('stops a schedule that cannot be read any more, and that one only', () => {
  const spec = makeJobSpec({ schedule: { startDate: '2022-01-01', interval: 'gibberish' } });
  expect(planAdvance({ ...due, spec }, options)).toEqual({
    jobId: '1',
    versionId: '2',
    from: due.nextScheduledAt,
    to: undefined,
    runs: [],
  });
});

it('passes ticks over that were planned before, as when a job is deployed again after it was deleted', () => {
  const lastScheduledAt = new Date('2022-09-20T02:00:00Z');
  const nextScheduledAt = new Date('2022-09-02T02:00:00Z');
  const spec = makeJobSpec();
  const again = { ...due, spec: { ...spec, behavior: { ...spec.behavior, catchUp: true } }, lastScheduledAt };
  const { from, runs } = planAdvance({ ...again, nextScheduledAt }, options);
  expect(from).toEqual(nextScheduledAt);
  expect(runs.map(({ scheduledAt }) => scheduledAt)).toEqual([new Date('2022-09-21T02:00:00Z')]);
  const newest = { ...again, nextScheduledAt, lastScheduledAt: new Date('2022-09-25T02:00:00Z') };
  expect(planAdvance(newest, options)).toMatchObject({ to: undefined, runs: [] });
});

it('has each run ask other servers for what no job here writes, when there are any', () => {
  const reader = { ...due, unwritten: ['bigquery://lake:d.raw'] };
  expect(planAdvance(reader, options).runs[0]?.probes).toEqual([]);
  const target = 'bigquery://lake:d.raw';
  expect(planAdvance(reader, { ...options, asksOthers: true }).runs[0]?.probes).toEqual([
    { kind: 'external', name: target, target },
  ]);
});
