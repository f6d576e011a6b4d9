/** How far a pass over old rows has come: what a step answers, the next one is given. */
export type HistoryPosition = string;

/** The next rows of a pass, the oldest first. */
export interface PruneRequest {
  /** Rows of runs that ended longer ago, by the database's clock. */
  readonly olderThanMs: number;
  /** How many rows are looked at. */
  readonly limit: number;
  /** Where the step before ended; absent: at the oldest. */
  readonly after?: HistoryPosition;
}

/** What a step of a pass did. */
export interface PruneStep {
  readonly removed: number;
  /** Where the pass goes on; undefined when it is through. */
  readonly next: HistoryPosition | undefined;
}

/**
 * Removes what is old, in steps: each is one transaction that costs the same however much history there is, waits for no lock, and
 * leaves out what somebody else is changing.
 */
export interface HistoryStore {
  /**
   * Removes runs with all that belongs to them. Never one that has not ended or has an attempt that lives, one of the `keep` newest
   * ticks of its job or the newest that its schedule planned, or one whose success is still waited for.
   */
  pruneRuns(request: PruneRequest & { readonly keep: number }): Promise<PruneStep>;
  /** Removes the events of runs that stay. */
  pruneEvents(request: PruneRequest): Promise<PruneStep>;
  /** Which of the attempts are no more, or ended longer ago; without `olderThanMs` those that are no more. */
  listForgotten(attemptIds: readonly string[], olderThanMs?: number): Promise<readonly string[]>;
}
