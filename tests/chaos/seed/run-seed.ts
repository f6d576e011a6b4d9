import { setTimeout as delay } from 'node:timers/promises';
import type { FaultOutcome } from '../faults/fault-outcome.ts';
import { runFault } from '../faults/run-fault.ts';
import { awaitHealthy } from '../health/await-healthy.ts';
import { listOverlaps } from '../invariants/check-attempts.ts';
import { checkHistory } from '../invariants/check-history.ts';
import { findLeftovers } from '../invariants/find-leftovers.ts';
import type { History, Violation } from '../invariants/history.ts';
import { readHistory } from '../invariants/read-history.ts';
import { type Fault, toFaultName } from '../plan/fault.ts';
import type { SeedPlan } from '../plan/plan-seed.ts';
import { ChaosStage } from '../stage/chaos-stage.ts';
import type { Cluster } from '../stage/cluster.ts';
import { bringToRest } from './bring-to-rest.ts';

/** One fault of a seed, and what came of it. */
export interface FaultRecord {
  readonly fault: Fault;
  readonly beganAt: number;
  readonly outcome: FaultOutcome;
  /** From its end until all work went on; undefined when it did not come to that. */
  readonly recoveredMs: number | undefined;
  /** Runs that were under way meanwhile. */
  readonly runs: number;
}

/** What came of a seed. */
export interface SeedResult {
  readonly plan: SeedPlan;
  readonly faults: readonly FaultRecord[];
  readonly runs: number;
  readonly attempts: number;
  /** Servers that started tasks. */
  readonly startedBy: number;
  /** Tasks that ran on while a successor ran already, because their server was cut off. */
  readonly excused: number;
  readonly violations: readonly Violation[];
  /** Where everything lies that is of use to find out why; undefined when it was removed. */
  readonly folder: string | undefined;
}

/** How long work goes on between two faults. */
const BREATH_MS = 500;
const NOTHING = { runs: 0, attempts: 0, startedBy: 0, excused: 0 };

/** Runs a seed on a cluster: faults over a lake of jobs, then rest, then the invariants. */
export async function runSeed(cluster: Cluster, plan: SeedPlan, keepsFolder: boolean): Promise<SeedResult> {
  const stage = await ChaosStage.set(cluster, `chaos_${plan.seed}_${Date.now()}`, plan.servers);
  let result: SeedResult | undefined;
  try {
    await begin(stage, plan);
    result = await runRounds(stage, plan, new Date());
    return result;
  } catch (thrown) {
    const evidence = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    const violations: readonly Violation[] = [
      { damage: 'broken', invariant: 'a seed comes to its end', evidence },
    ];
    return { plan, faults: [], ...NOTHING, violations, folder: stage.folder };
  } finally {
    await stage.clear(keepsFolder && (result?.violations.length ?? 1) > 0);
  }
}

/** The lake is deployed first as it begins, and then so that no tick is left out any more. */
async function begin(stage: ChaosStage, plan: SeedPlan): Promise<void> {
  for (const fault of plan.rounds) {
    const server = fault.kind === 'full_disk' ? stage.servers[fault.server] : undefined;
    if (server && !stage.smallDisks.has(server.home)) await stage.giveSmallDisk(server);
  }
  const [first, ...others] = stage.servers;
  if (first) await stage.start(first);
  await stage.prepare();
  await mustDeploy(stage, 'new');
  await Promise.all(others.map((server) => stage.start(server)));
  await mustDeploy(stage, 'live');
}

async function mustDeploy(stage: ChaosStage, schedule: 'new' | 'live'): Promise<void> {
  const { code, stderr } = await stage.deploy(schedule);
  if (code !== 0) throw new Error(`the lake could not be deployed:\n${stderr}`);
}

async function runRounds(stage: ChaosStage, plan: SeedPlan, liveSince: Date): Promise<SeedResult> {
  const records: Omit<FaultRecord, 'runs'>[] = [];
  const violations: Violation[] = [];
  for (const fault of plan.rounds) {
    await delay(BREATH_MS);
    const record = await runRound(stage, fault);
    records.push(record);
    if (record.recoveredMs === undefined) violations.push(toUnrecovered(fault));
  }
  const rest = await bringToRest(stage);
  const history = await readHistory(stage, {
    touched: listTouched(plan),
    liveSince,
    calmSince: rest.calmSince,
  });
  violations.push(...rest.violations, ...checkHistory(history), ...(await findLeftovers(stage)));
  return {
    plan,
    faults: records.map((record) => ({ ...record, runs: countRuns(history, record) })),
    runs: history.runs.length,
    attempts: history.attempts.length,
    startedBy: new Set(history.sightings.map(({ home }) => home)).size,
    excused: listOverlaps(history).filter(({ isExcused }) => isExcused).length,
    violations,
    folder: violations.length > 0 ? stage.folder : undefined,
  };
}

async function runRound(stage: ChaosStage, fault: Fault): Promise<Omit<FaultRecord, 'runs'>> {
  const beganAt = Date.now();
  const outcome = await runFault(stage, fault);
  const healthyMs = await awaitHealthy(stage, outcome.liftedAt);
  return {
    fault,
    beganAt,
    outcome,
    recoveredMs: healthyMs === undefined ? undefined : toRecovery(outcome, healthyMs),
  };
}

/** Others take over while a dead server is still away: what counts is when nothing waited for it any more. */
function toRecovery({ death }: FaultOutcome, healthyMs: number): number {
  return death ? Math.max(death.foundMs ?? 0, death.takenOverMs ?? 0) : healthyMs;
}

function toUnrecovered(fault: Fault): Violation {
  return { damage: 'lost', invariant: 'work goes on after a fault', evidence: toFaultName(fault) };
}

function listTouched({ rounds }: SeedPlan): ReadonlySet<string> {
  return new Set(
    rounds.flatMap((fault) => (fault.kind === 'hands' ? fault.steps.map(({ job }) => job) : [])),
  );
}

function countRuns({ runs }: History, { beganAt, outcome }: Omit<FaultRecord, 'runs'>): number {
  return runs.filter(
    ({ createdAt, finishedAt }) =>
      createdAt.getTime() <= outcome.liftedAt &&
      (finishedAt?.getTime() ?? Number.POSITIVE_INFINITY) >= beganAt,
  ).length;
}
