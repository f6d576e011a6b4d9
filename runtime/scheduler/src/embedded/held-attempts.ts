import type { AttemptClaim, ClaimedAttempt } from '@optimus/domain';

/** An attempt that this server owns, from its claim to the record of its end. */
export interface HeldAttempt {
  readonly attempt: ClaimedAttempt;
  /** What the executor gave for it; undefined until it has started. */
  readonly handle: unknown;
}

/** The attempts that this server owns. Each takes a slot. */
export class HeldAttempts {
  readonly #held = new Map<string, HeldAttempt>();
  readonly #listeners = new Set<() => void>();

  get size(): number {
    return this.#held.size;
  }

  get ids(): readonly string[] {
    return [...this.#held.keys()];
  }

  /** Takes the attempt, also in place of an earlier claim on it. */
  hold(attempt: ClaimedAttempt, handle?: unknown): void {
    this.#held.set(attempt.attemptId, { attempt, handle });
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
    for (const listener of this.#listeners) listener();
  }

  /** Calls the listener whenever a slot becomes free. */
  onRelease(listener: () => void): void {
    this.#listeners.add(listener);
  }
}
