import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canSeeProcesses } from '../e2e/stage/find-leftovers.ts';
import type { Fault } from './plan/fault.ts';
import { planSeed, type SeedPlan } from './plan/plan-seed.ts';
import { type Lane, openLane } from './seed/lane.ts';
import { runSeed, type SeedResult } from './seed/run-seed.ts';

// The short form of the chaos: what a hundred seeds do by chance, chosen so that it takes a minute.

const AWAY_MS = 100;
const PAST_LEASE_MS = 11_000;

const SUDDEN: readonly Fault[] = [
  toPoint('run_claim', 'unanswered', 'kill'),
  { kind: 'kill_database', ms: 0 },
  { kind: 'kill_tasks', what: 'group' },
  { kind: 'kill_tasks', what: 'launcher' },
  toPoint('run_end_attempt', 'unanswered', 'cut'),
  { kind: 'terminate_backends' },
  { kind: 'deploy', ms: 0 },
];

const LASTING: readonly Fault[] = [{ kind: 'kill_leader', ms: PAST_LEASE_MS }];

function toPoint(statement: string, moment: 'unsent' | 'unanswered', action: 'kill' | 'cut'): Fault {
  return { kind: 'commit_point', server: 0, action, point: { statement, moment, passing: 1 }, ms: AWAY_MS };
}

describe.runIf(canSeeProcesses)('servers on one database', () => {
  let lanes: readonly Lane[];
  let sudden: SeedResult;
  let lasting: SeedResult;

  beforeAll(async () => {
    lanes = await Promise.all([openLane(), openLane()]);
    const plans: readonly SeedPlan[] = [
      { ...planSeed(1, 1), servers: 1, rounds: SUDDEN },
      { ...planSeed(2, 1), servers: 3, rounds: LASTING },
    ];
    const results = plans.map((plan, index) => runSeed(lanes[index]?.cluster ?? fail(), plan, false));
    [sudden, lasting] = (await Promise.all(results)) as [SeedResult, SeedResult];
  }, 240_000);

  afterAll(() => Promise.all(lanes.map((lane) => lane.close())));

  it('lose nothing, do nothing twice and leave nothing behind, whatever is killed and cut', () => {
    expect(sudden.violations).toEqual([]);
    expect(sudden.faults.map(({ outcome }) => outcome.missed)).toEqual(SUDDEN.map(() => undefined));
  });

  it('all start tasks, while one of them plans', () => {
    expect(lasting.startedBy).toBe(3);
    expect(lasting.violations).toEqual([]);
  });

  it('take over planning within ten seconds of the death of the one that planned, and find its attempts within fifteen', () => {
    const [death] = lasting.faults.flatMap(({ outcome }) => (outcome.death ? [outcome.death] : []));
    expect(death?.takenOverMs).toBeLessThan(10_000);
    expect(death?.foundMs ?? 0).toBeLessThan(15_000);
  });
});

function fail(): never {
  throw new Error('there is a lane for each plan');
}
