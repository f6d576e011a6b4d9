import type { RunKey } from '../run/run.ts';
import type { PlannedProbe } from '../run/run-probe.ts';

/** The right to one try of a probe. */
export interface ProbeClaim {
  readonly probeId: string;
  /** The number of the try, from 1: what is said of an earlier one changes nothing. */
  readonly tries: number;
}

/** A probe that this server is to try. */
export interface DueProbe extends ProbeClaim, PlannedProbe, RunKey {}

/** What claiming found. */
export interface DueProbes {
  readonly probes: readonly DueProbe[];
  /** When the next one comes due, if any. Database time, given as a delay. */
  readonly nextDueInMs: number | undefined;
}

/** What came of a try that did not meet its probe. */
export interface ProbePostponement {
  readonly delayMs: number;
  /** In words, without any value of a secret; absent: the try was given up, and says nothing. */
  readonly outcome?: string;
  /** What was asked; absent: as before. */
  readonly target?: string;
}

/**
 * The open probes of waiting runs. An open probe counts in its run's waits as the run of an upstream does: the last wait that is met
 * makes the run `queued`, in the same transaction. Probes end with their run's waiting, however that ends.
 */
export interface ProbeStore {
  /** Claims up to `limit` due probes, each for this server alone until `leaseMs` have passed: then anybody may claim it again. */
  claimDue(limit: number, leaseMs: number): Promise<DueProbes>;
  /** The probe is met. Nothing happens when the claim does not hold any more. */
  meet(claim: ProbeClaim): Promise<void>;
  /** The probe is not met: it comes due again after the delay. Nothing happens when the claim does not hold any more. */
  postpone(claim: ProbeClaim, postponement: ProbePostponement): Promise<void>;
}
