import { createHash } from 'node:crypto';

/**
 * Ids of traces and spans, made from what is stored anyway: whichever server does a part of a run, its spans fall into the one trace,
 * under the right parent, and nobody has to hand anything on.
 */
export class TraceIds {
  readonly #database: string;

  /** @param database its identity: ids count from 1 in every database */
  constructor(database: string) {
    this.#database = database;
  }

  /** The trace of a run, over all its executions. */
  ofRun(runId: string): string {
    return this.#digest(16, 'run', runId);
  }

  /** The root span of one execution of a run. */
  ofExecution(runId: string, startedAt: Date): string {
    return this.#digest(8, 'execution', runId, `${startedAt.getTime()}`);
  }

  ofInstance(instanceId: string, startedAt: Date): string {
    return this.#digest(8, 'instance', instanceId, `${startedAt.getTime()}`);
  }

  ofAttempt(attemptId: string): string {
    return this.#digest(8, 'attempt', attemptId);
  }

  /** A stage of a span, by name. */
  ofStage(parentId: string, stage: string): string {
    return this.#digest(8, 'stage', parentId, stage);
  }

  /** The value of `TRACEPARENT`, as W3C Trace Context writes it, under which an attempt's own spans belong. */
  toTraceparent(runId: string, attemptId: string): string {
    return `00-${this.ofRun(runId)}-${this.ofAttempt(attemptId)}-01`;
  }

  #digest(bytes: number, ...parts: readonly string[]): string {
    const hash = createHash('sha256').update([this.#database, ...parts].join('\0'));
    return hash.digest('hex').slice(0, 2 * bytes);
  }
}
