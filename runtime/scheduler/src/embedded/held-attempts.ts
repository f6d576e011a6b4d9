import type { AttemptClaim, AttemptOutcome, ClaimedAttempt } from '@optimus/domain';

/** An attempt that this server owns, from its claim to the record of its end. */
export interface HeldAttempt {
  readonly attempt: ClaimedAttempt;
  /** What the executor gave for it; undefined until it has started. */
  readonly handle: unknown;
  /** Aborted when it has to end before it has begun. */
  readonly calledOff: AbortController;
  /** Whether it was asked to end. */
  readonly isEnding?: boolean;
  /** How its end counts, whatever its executor says of it; absent: as the executor says. */
  readonly outcome?: AttemptOutcome;
}

/** The attempts that this server owns. Each takes a slot. */
export class HeldAttempts {
  readonly #held = new Map<string, HeldAttempt>();
  readonly #releaseListeners = new Set<() => void>();
  readonly #holdListeners = new Set<(attempt: ClaimedAttempt) => void>();

  get size(): number {
    return this.#held.size;
  }

  get ids(): readonly string[] {
    return [...this.#held.keys()];
  }

  /** Takes the attempt, also in place of an earlier claim on it. */
  hold(attempt: ClaimedAttempt, handle?: unknown): void {
    // What was asked of it before its handle was known holds on; what was asked under another claim does not.
    const { calledOff = new AbortController(), ...asked } = this.find(attempt) ?? {};
    this.#held.set(attempt.attemptId, { ...asked, calledOff, attempt, handle });
    for (const listener of this.#holdListeners) listener(attempt);
  }

  /** Notes that the attempt was asked to end, and how that counts. */
  end(claim: AttemptClaim, outcome: AttemptOutcome | undefined): void {
    const held = this.find(claim);
    if (held) this.#held.set(claim.attemptId, { ...held, isEnding: true, ...(outcome && { outcome }) });
  }

  /** Tells whoever starts the attempt that it is not wanted any more, and how its end counts. */
  callOff(claim: AttemptClaim, outcome: AttemptOutcome | undefined): void {
    const held = this.find(claim);
    if (!held) return;
    if (outcome) this.#held.set(claim.attemptId, { ...held, outcome });
    held.calledOff.abort();
  }

  /** The attempt, while it is held under this very claim. */
  find({ attemptId, fence }: AttemptClaim): HeldAttempt | undefined {
    const held = this.#held.get(attemptId);
    return held?.attempt.fence === fence ? held : undefined;
  }

  /** The attempt, under whatever claim. */
  get(attemptId: string): HeldAttempt | undefined {
    return this.#held.get(attemptId);
  }

  /** Frees the slot; nothing happens when the claim was superseded. */
  release(claim: AttemptClaim): void {
    if (!this.find(claim)) return;
    this.#held.delete(claim.attemptId);
    for (const listener of this.#releaseListeners) listener();
  }

  /** Calls the listener whenever a slot becomes free. */
  onRelease(listener: () => void): void {
    this.#releaseListeners.add(listener);
  }

  /** Calls the listener whenever an attempt is taken, or its handle becomes known. */
  onHold(listener: (attempt: ClaimedAttempt) => void): void {
    this.#holdListeners.add(listener);
  }
}
