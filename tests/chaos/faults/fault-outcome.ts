import type { DeathFigures } from '../health/watch-death.ts';

/** How a fault went. */
export interface FaultOutcome {
  /** Why it did not happen; undefined when it did. */
  readonly missed?: string;
  /** When things could go on again, by this machine's clock. */
  readonly liftedAt: number;
  /** What became of what a server had that died of it. */
  readonly death?: DeathFigures;
}

/** A fault that is over now. */
export function lifted(death?: DeathFigures): FaultOutcome {
  return { liftedAt: Date.now(), ...(death && { death }) };
}

/** A fault that could not happen. */
export function missed(why: string): FaultOutcome {
  return { liftedAt: Date.now(), missed: why };
}
