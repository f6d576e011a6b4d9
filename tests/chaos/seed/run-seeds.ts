import { planSeed } from '../plan/plan-seed.ts';
import { openLane } from './lane.ts';
import { runSeed, type SeedResult } from './run-seed.ts';

/** What the command is asked for. */
export interface ChaosOptions {
  /** The first seed. */
  readonly seed: number;
  /** How many seeds, one after the other in numbers. */
  readonly seeds: number;
  /** Faults a seed. */
  readonly rounds: number;
  /** Seeds that run side by side, each with servers and a database of its own. */
  readonly lanes: number;
  /** Keeps the folder of a seed that breaks an invariant. */
  readonly keep: boolean;
}

/** Runs the seeds, and tells of each when it has ended. */
export async function runSeeds(
  { seed, seeds, rounds, lanes, keep }: ChaosOptions,
  onResult: (result: SeedResult) => void,
): Promise<void> {
  const waiting = Array.from({ length: seeds }, (_, index) => planSeed(seed + index, rounds));
  const runLane = async (): Promise<void> => {
    const lane = await openLane();
    for (let plan = waiting.shift(); plan; plan = waiting.shift()) {
      onResult(await runSeed(lane.cluster, plan, keep));
    }
    await lane.close();
  };
  await Promise.all(Array.from({ length: Math.min(lanes, seeds) }, runLane));
}
