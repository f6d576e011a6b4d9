import { createRandom, type Random } from '@optimus/spec/testing';
import { LAKE, POISONS } from '../lake/lake.ts';
import { MOMENTS } from '../proxy/commit-trap.ts';
import type { Fault, HandStep, KilledProcess, PointAction } from './fault.ts';

/** What a seed does: the same for the same seed, for ever. */
export interface SeedPlan {
  readonly seed: number;
  readonly servers: number;
  readonly rounds: readonly Fault[];
}

/** Statements of the scheduler that change something; each is a commit, or the one that a longer transaction is known by. */
export const COMMITTED = [
  'schedule_advance',
  'run_claim',
  'run_mark_running',
  'run_end_attempt',
  'run_meet_waits',
  'run_renew_leases',
  'lease_acquire',
] as const;

const HOUR_MS = 3_600_000;
/** Longer than a lease and what others leave it alone for. */
const PAST_LEASE_MS = 11_000;

/** Everything that may go wrong in a round. */
type FaultMaker = (random: Random, servers: number) => Fault;

const MAKERS: readonly [FaultMaker, ...FaultMaker[]] = [
  makeCommitPoint,
  makeCommitPoint,
  makeCommitPoint,
  makeCommitPoint,
  (random, servers) => ({ kind: 'kill_server', server: random.below(servers), ms: toAbsence(random) }),
  (random) => ({ kind: 'kill_leader', ms: toAbsence(random) }),
  () => ({ kind: 'kill_leader', ms: PAST_LEASE_MS }),
  (random, servers) => ({ kind: 'stop_server', server: random.below(servers), ms: toAbsence(random) }),
  (random, servers) => ({ kind: 'freeze_server', server: random.below(servers), ms: toAbsence(random) }),
  () => ({ kind: 'freeze_leader', ms: PAST_LEASE_MS }),
  (random, servers) => ({ kind: 'partition', server: random.below(servers), ms: toAbsence(random) }),
  (random) => ({ kind: 'stalled_database', ms: 1_000 + random.below(5_000) }),
  (random) => ({ kind: 'slow_database', delayMs: 20 + random.below(100), ms: 5_000 }),
  () => ({ kind: 'cut_connections' }),
  () => ({ kind: 'terminate_backends' }),
  (random) => ({ kind: 'too_many_connections', ms: 1_000 + random.below(3_000) }),
  (random) => ({ kind: 'restart_database', ms: random.below(3_000) }),
  (random) => ({ kind: 'kill_database', ms: random.below(3_000) }),
  (random, servers) => ({
    kind: 'server_clock',
    server: random.below(servers),
    ms: 4_000,
    shiftMs: random.pick([HOUR_MS, -HOUR_MS]),
  }),
  (random, servers) => ({ kind: 'full_disk', server: random.below(servers), ms: 3_000 }),
  (random) => ({ kind: 'kill_tasks', what: random.pick<KilledProcess>(['supervisor', 'group', 'launcher']) }),
  () => ({ kind: 'deploy', ms: 1_000 }),
  () => ({ kind: 'run_twice', job: 'crash' }),
  (random) => ({ kind: 'poison', job: random.pick(POISON_NAMES) }),
  (random) => ({ kind: 'hands', steps: [makeStep(random), makeStep(random), makeStep(random)] }),
];

const [{ name: firstPoison } = { name: '' }, ...otherPoisons] = POISONS;
const POISON_NAMES: readonly [string, ...string[]] = [firstPoison, ...otherPoisons.map(({ name }) => name)];

/** Decides what a seed does. Pure. */
export function planSeed(seed: number, rounds: number): SeedPlan {
  const random = createRandom(seed);
  // The first numbers of neighbouring seeds are alike.
  for (let skipped = 0; skipped < 8; skipped += 1) random.below(2);
  const servers = 1 + random.below(3);
  const others = Array.from({ length: rounds - 1 }, () => random.pick(MAKERS)(random, servers));
  return { seed, servers, rounds: [toOwnPoint(seed, random, servers), ...others] };
}

/** Neighbouring seeds kill a server at one commit point after the other, so that a few dozen of them come to each. */
function toOwnPoint(seed: number, random: Random, servers: number): Fault {
  const statement = COMMITTED[seed % COMMITTED.length] ?? COMMITTED[0];
  const moment = MOMENTS[Math.floor(seed / COMMITTED.length) % MOMENTS.length] ?? MOMENTS[0];
  const point = { statement, moment, passing: 1 };
  return {
    kind: 'commit_point',
    server: random.below(servers),
    action: 'kill',
    point,
    ms: toAbsence(random),
  };
}

function makeCommitPoint(random: Random, servers: number): Fault {
  const statement = random.pick(COMMITTED);
  const action = random.pick<PointAction>(['kill', 'kill', 'kill', 'cut', 'freeze']);
  const point = { statement, moment: random.pick(MOMENTS), passing: 1 + random.below(3) };
  return { kind: 'commit_point', server: random.below(servers), action, point, ms: toAbsence(random) };
}

/** Hardly away, away for a while, or so long that others take over. */
function toAbsence(random: Random): number {
  return random.pick([100, 3_000, PAST_LEASE_MS]);
}

function makeStep(random: Random): HandStep {
  const verb = random.pick<HandStep['verb']>(['pause', 'cancel', 'rerun']);
  return { verb, job: LAKE[random.below(LAKE.length)]?.name ?? '' };
}
