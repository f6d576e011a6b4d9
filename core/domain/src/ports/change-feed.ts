/**
 * What may change while somebody waits. `run_ended_early`: a run is over while attempts of it live. `probe_due`: a run has probes.
 * `lineage_changed`: the columns of what a job writes are others than before, and lineage waits to be computed anew.
 */
export type ChangeTopic =
  | 'schedule_changed'
  | 'run_ready'
  | 'run_changed'
  | 'run_ended_early'
  | 'probe_due'
  | 'lineage_changed';

/** A change that has been committed. `id` is the run's id for run topics, the project's name otherwise. */
export interface Change {
  readonly topic: ChangeTopic;
  readonly id: string;
}

/**
 * Committed changes, as they happen, from every server on the database. Delivery is at most once: after a lost connection the
 * feed says so with `resync`, and its readers look for themselves.
 */
export interface ChangeFeed {
  /** Calls the listener for each change until the returned function is called. */
  subscribe(listener: (change: Change | { readonly topic: 'resync' }) => void): () => void;
}
