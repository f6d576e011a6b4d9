/** How long history stays. Undefined keeps it for ever. */
export interface RetentionPolicy {
  /** Runs that ended longer ago are removed, with all that belongs to them. */
  readonly runsMs: number | undefined;
  /** How many of each job stay however old they are, the newest; 1 or more, for the next run may ask how the last one went. */
  readonly keepRuns: number;
  /** Events of runs that ended longer ago are removed. */
  readonly eventsMs: number | undefined;
  /** Logs of attempts that ended longer ago are removed; undefined keeps each as long as its run. */
  readonly logsMs: number | undefined;
  /** How long after a pass the next one begins. */
  readonly everyMs: number;
  /** The rest between two steps of a pass: the database has other work. */
  readonly pauseMs: number;
}

const DAY_MS = 86_400_000;

/** What holds unless a server is told otherwise. */
export const DEFAULT_RETENTION: RetentionPolicy = {
  runsMs: 90 * DAY_MS,
  keepRuns: 10,
  eventsMs: 30 * DAY_MS,
  logsMs: 30 * DAY_MS,
  everyMs: 3_600_000,
  pauseMs: 50,
};
