import { expect, it } from 'vitest';
import { toFaultName } from './fault.ts';
import { planSeed } from './plan-seed.ts';

const OTHERS =
  'cut_connections deploy freeze_leader freeze_server full_disk hands kill_database kill_leader kill_server kill_tasks partition ' +
  'poison restart_database run_twice server_clock slow_database stalled_database stop_server terminate_backends too_many_connections';

const plans = Array.from({ length: 100 }, (_, index) => planSeed(index + 1, 4));

it('is the same for the same seed', () => {
  expect(Array.from({ length: 100 }, (_, index) => planSeed(index + 1, 4))).toEqual(plans);
});

it('has one to three servers, and as many faults as rounds', () => {
  expect(new Set(plans.map(({ servers }) => servers))).toEqual(new Set([1, 2, 3]));
  expect(new Set(plans.map(({ rounds }) => rounds.length))).toEqual(new Set([4]));
});

it('comes to every fault, and kills at every point of every commit, in a hundred seeds', () => {
  const names = new Set(plans.flatMap(({ rounds }) => rounds.map(toFaultName)));
  const points = [...names].filter((name) => name.startsWith('kill at '));
  expect(points).toHaveLength(7 * 3);
  const others = [...names].filter((name) => !name.includes(' at ')).map((name) => name.split(' ')[0]);
  expect(new Set(others)).toEqual(new Set(OTHERS.split(' ')));
});
