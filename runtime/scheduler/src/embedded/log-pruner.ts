import { type HistoryStore, type Log, type LogStore, pause, type Service, WorkLoop } from '@optimus/domain';
import type { RetentionPolicy } from './retention-policy.ts';

/** What removing old logs needs. */
export interface LogPrunerOptions {
  readonly history: Pick<HistoryStore, 'listForgotten'>;
  readonly logs: Pick<LogStore, 'list' | 'remove'>;
  readonly policy: RetentionPolicy;
  readonly log: Log;
}

const LOGS_A_STEP = 500;
/** The store numbers attempts; a log of any other name is none of its attempts'. */
const ATTEMPT_ID = /^\d{1,18}$/;

/** Removes old logs, and those whose run is gone, from the disk of this server. Every server does, for each has its own. */
export class LogPruner implements Service {
  readonly name = 'log-pruner';
  readonly #options: LogPrunerOptions;
  readonly #loop: WorkLoop;

  constructor(options: LogPrunerOptions) {
    this.#options = options;
    this.#loop = new WorkLoop((signal) => this.#turn(signal), options.log);
  }

  async start(): Promise<void> {
    const { runsMs, logsMs } = this.#options.policy;
    if (runsMs !== undefined || logsMs !== undefined) this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  async #turn(signal: AbortSignal): Promise<number> {
    const { logs, policy, log } = this.#options;
    let removed = 0;
    let ids: string[] = [];
    for await (const id of logs.list()) {
      if (signal.aborted) return 0;
      if (ATTEMPT_ID.test(id)) ids.push(id);
      if (ids.length < LOGS_A_STEP) continue;
      removed += await this.#prune(ids);
      ids = [];
      await pause(policy.pauseMs, signal);
    }
    removed += await this.#prune(ids);
    if (removed > 0) log.info('removed old logs', { logs: removed });
    return policy.everyMs;
  }

  async #prune(ids: readonly string[]): Promise<number> {
    if (ids.length === 0) return 0;
    const { history, logs, policy } = this.#options;
    return await logs.remove(await history.listForgotten(ids, policy.logsMs));
  }
}
