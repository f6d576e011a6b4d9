import type { ResourceQuantities } from '../job/job-spec.ts';
import type { AttemptOutcome } from '../run/attempt-outcome.ts';
import type { AttemptClaim } from './run-store.ts';

/** One attempt to start. */
export interface ExecutionRequest extends AttemptClaim {
  /** Image with tag, from the plugin. */
  readonly image: string;
  /** Environment of the instance: contract variables, configuration and secrets. `JOB_DIR` is added by the executor. */
  readonly env: Readonly<Record<string, string>>;
  /** Files to lay under `$JOB_DIR/in/`, path relative to it → text; mode 0600. */
  readonly files: Readonly<Record<string, string>>;
  /** Values that captured output must not show, in whatever form. */
  readonly secrets?: readonly string[];
  /** For names and labels: project, namespace, job, instance. */
  readonly labels: Readonly<Record<string, string>>;
  readonly resources?: { readonly request: ResourceQuantities; readonly limit: ResourceQuantities };
  /** What to run in the image instead of its own entrypoint and command. An executor without images passes it over. */
  readonly entrypoint?: { readonly shell: string; readonly script: string };
  /** The plugin's own secret, for a file of an image at this absolute path; mode 0600. An executor without images passes it over. */
  readonly secretFile?: { readonly path: string; readonly text: string };
  /** The account of the cluster that it runs as. An executor without accounts passes it over. */
  readonly serviceAccount?: string;
}

/** The end of an attempt, reported once per claim. */
export interface ExecutionReport extends AttemptClaim {
  readonly outcome: AttemptOutcome;
  /** When it ended, by the clock of this host; absent: a moment ago, for all the executor knows. */
  readonly endedAt?: Date;
}

/** What an executor found when it looked for an attempt that it had started before. */
export type Attachment = 'attached' | 'gone';

/**
 * Runs instances. An execution outlives the server that started it: its handle is plain JSON with which any later server on the
 * same host finds it again, its exit and its log included.
 */
export interface Executor {
  /** `process`, `docker`, `kubernetes`. */
  readonly name: string;
  /**
   * Starts an attempt. Resolves with its handle once it runs. An attempt id runs once: starting it again takes up the one that was
   * started before. When `calledOff` aborts, what takes long before anything runs, say fetching an image, is given up.
   * @throws OptimusError `IMAGE_NOT_RUNNABLE`, `EXECUTOR_FAILED`; nothing runs then
   */
  start(request: ExecutionRequest, calledOff?: AbortSignal): Promise<unknown>;
  /** Takes up an attempt again; its end is reported as if it had been started here. `gone`: nothing is known of it. An attempt that ended meanwhile is `attached` and reported at once. */
  attach(claim: AttemptClaim, handle: unknown): Promise<Attachment>;
  /**
   * Asks the attempt to end, then makes it. The end arrives as a report. Of an attempt whose handle was never recorded, `{ attemptId }`
   * is all that the server has: every handle of a taken up attempt may be that.
   */
  cancel(handle: unknown, graceMs: number): Promise<void>;
  /**
   * Where ends of attempts are told. Set once, before the first start. The listener resolves when the report is recorded, or
   * superseded: only then the executor clears away what the attempt left, its files and secrets first of all. The log stays.
   */
  onReport(listener: (report: ExecutionReport) => Promise<void>): void;
  /** Ends and clears away every other attempt that this host still has: others own them by now, or their end is recorded. Called once, before the first start. */
  discardExcept(attemptIds: ReadonlySet<string>): Promise<void>;
  /** Told when attempts may come: what the first one would wait for may begin. */
  warmUp?(): void;
  /** Stops watching; executions go on. */
  stop(): Promise<void>;
}

/** A piece of an attempt's log. */
export interface LogChunk {
  readonly data: Uint8Array;
  /** Where the next read goes on. */
  readonly nextOffset: number;
}

/** Captured output of attempts, standard output and error in the order written. */
export interface LogStore {
  /** @throws OptimusError `LOG_NOT_FOUND` */
  read(attemptId: string, offset: number, maxBytes: number): Promise<LogChunk>;
  /** The end of the log, at most so many bytes. @throws OptimusError `LOG_NOT_FOUND` */
  readTail(attemptId: string, maxBytes: number): Promise<Uint8Array>;
  /** Resolves when the log has grown beyond `offset`, when `signal` aborts, or after `maxWaitMs`; by these two alone while there is no log. */
  waitForMore(
    attemptId: string,
    offset: number,
    options: { readonly signal: AbortSignal; readonly maxWaitMs: number },
  ): Promise<void>;
  /** Ids of the attempts that have a log here, in any order, one at a time however many there are. */
  list(): AsyncIterable<string>;
  /** Removes logs; those of attempts that the executor still has stay. Answers how many were removed. */
  remove(attemptIds: readonly string[]): Promise<number>;
}
