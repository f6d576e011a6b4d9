import { setTimeout as delay } from 'node:timers/promises';
import type { DescMessage, DescMethodUnary, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import { status } from '@grpc/grpc-js';
import type { Log, PluginInfo } from '@optimus/domain';
import {
  createCrash,
  createRequestTooLarge,
  type FailedCall,
  isStatus,
  toCallFailure,
} from '../connection/call-failure.ts';
import type { Dialect } from '../connection/dialect.ts';
import { encodeRequest } from '../connection/plugin-connection.ts';
import type { DiscoveredPlugin } from '../discovery/discover-plugins.ts';
import { createPluginFailure } from '../plugin-failure.ts';
import { describeExit } from '../process/plugin-process.ts';
import { planRestart } from './restart-policy.ts';
import { type RunningPlugin, type StartOptions, startPlugin, stopPlugin } from './running-plugin.ts';

/** One call of a mod, in whatever dialect the plugin speaks. */
export interface ModCall<I extends DescMessage, O extends DescMessage> {
  readonly method: DescMethodUnary<I, O>;
  readonly service: Exclude<keyof Dialect, 'name' | 'base'>;
  readonly request: MessageInitShape<I>;
  readonly timeoutMs: number;
  /** Whose request it is, for messages to people. */
  readonly jobName?: string | undefined;
}

/** A plugin that could not be started is not tried again at once: each try may take as long as the start's timeout. */
const failureMemoryMs = 30_000;

/** Broken connections are mostly those of a process about to be gone; longer than this and we end it. */
const exitGraceMs = 1000;

/**
 * One plugin file and the process that serves it. The process starts with the first use, is shared by all of them, and
 * starts again after a crash. The states are drawn in DESIGN.md.
 */
export class SupervisedPlugin {
  readonly file: DiscoveredPlugin;
  readonly #startOptions: Omit<StartOptions, 'plugin' | 'signal' | 'log'>;
  readonly #log: Log;
  readonly #stopping = new AbortController();
  readonly #crashes: number[] = [];
  #running: Promise<RunningPlugin> | undefined;
  #stopped: Promise<void> | undefined;
  #info: PluginInfo | undefined;
  readonly #calls = new Set<Promise<unknown>>();
  #failure: { readonly error: unknown; readonly atMs: number } | undefined;

  constructor(
    file: DiscoveredPlugin,
    startOptions: Omit<StartOptions, 'plugin' | 'signal' | 'log'>,
    log: Log,
  ) {
    this.file = file;
    this.#startOptions = startOptions;
    this.#log = log.child({ plugin: file.name });
  }

  /** What the plugin said of itself when it was last started. @throws OptimusError `PLUGIN_UNUSABLE` */
  async getInfo(): Promise<PluginInfo> {
    return this.#info ?? (await this.#ensureRunning()).info;
  }

  /**
   * Calls the plugin. All calls of the protocol may be repeated, so one that a crash interrupted is made once more.
   * @throws OptimusError `PLUGIN_REFUSED`, `PLUGIN_TIMEOUT`, `PLUGIN_CRASHED`, `PLUGIN_UNUSABLE`, `MESSAGE_TOO_LARGE`
   */
  call<I extends DescMessage, O extends DescMessage>(call: ModCall<I, O>): Promise<MessageShape<O>> {
    const called = this.#callTwice(call);
    this.#calls.add(called);
    const forget = () => void this.#calls.delete(called);
    called.then(forget, forget);
    return called;
  }

  /** Whether it has but one of the services, and a file says the rest. */
  async isResolverOnly(): Promise<boolean> {
    return (await this.#ensureRunning()).dialect.base === undefined;
  }

  /** Stops once the calls in flight have ended; each has a deadline. */
  async retire(): Promise<void> {
    await Promise.allSettled(this.#calls);
    await this.stop();
  }

  async #callTwice<I extends DescMessage, O extends DescMessage>(
    call: ModCall<I, O>,
  ): Promise<MessageShape<O>> {
    const first = await this.#attempt(call);
    if (first.kind === 'answer') return first.message;
    this.#log.warn('crashed; it is started again', { method: call.method.name });
    const second = await this.#attempt(call);
    if (second.kind === 'answer') return second.message;
    throw second.crash;
  }

  /** Safe to call twice, or on a plugin that never ran. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stopRunning();
    return this.#stopped;
  }

  async #stopRunning(): Promise<void> {
    this.#stopping.abort();
    const running = await this.#running?.catch(() => undefined);
    this.#running = undefined;
    if (running !== undefined) await stopPlugin(running, this.#log);
  }

  async #attempt<I extends DescMessage, O extends DescMessage>(call: ModCall<I, O>) {
    const { method, service, timeoutMs } = call;
    const running = await this.#ensureRunning();
    const bytes = encodeRequest(method, call.request);
    const mod = service === 'dependencyResolver' ? 'dependencyresolver' : 'cli';
    const failed = { plugin: this.file, method: method.name, timeoutMs, mod, jobName: call.jobName };
    // Read when the call has failed: what is served is known only some time after the start.
    const withOutput = () => ({ ...failed, isOutputUnread: !running.output.isServed });
    if (bytes.byteLength > running.requestLimitBytes)
      throw createRequestTooLarge(failed, bytes.byteLength, running.requestLimitBytes);
    try {
      const servedAs = running.dialect[service];
      const message = await running.connection.send({ method, servedAs, bytes, timeoutMs });
      return { kind: 'answer', message } as const;
    } catch (error) {
      if (!isStatus(error, status.UNAVAILABLE)) throw toCallFailure(error, withOutput());
      return { kind: 'crash', crash: await this.#endCrashed(running, failed, error) } as const;
    }
  }

  async #endCrashed(running: RunningPlugin, call: FailedCall, cause: unknown) {
    if ((await running.process.waitForExit(exitGraceMs)) === undefined) await running.process.kill();
    return createCrash(call, running.process, cause);
  }

  #ensureRunning(): Promise<RunningPlugin> {
    this.#running ??= this.#start().catch((error: unknown) => {
      this.#running = undefined;
      throw error;
    });
    return this.#running;
  }

  async #start(): Promise<RunningPlugin> {
    this.#assertNotStopped();
    if (this.#failure && this.#failure.atMs > Date.now() - failureMemoryMs) throw this.#failure.error;
    await this.#awaitTurn();
    try {
      const running = await startPlugin({
        ...this.#startOptions,
        plugin: this.file,
        log: this.#log,
        signal: this.#stopping.signal,
      });
      this.#info = running.info;
      void this.#watchExit(running);
      return running;
    } catch (error) {
      this.#failure = { error, atMs: Date.now() };
      throw error;
    }
  }

  /** After crashes, waits as long as the restart policy asks for. */
  async #awaitTurn(): Promise<void> {
    const decision = planRestart(Date.now(), this.#crashes);
    if (decision.kind === 'give_up') {
      const until = new Date(decision.untilMs).toISOString();
      throw createPluginFailure(
        'PLUGIN_CRASHED',
        this.file,
        `crashed ${this.#crashes.length} times; it is not started again before ${until}`,
      );
    }
    if (decision.delayMs > 0) {
      await delay(decision.delayMs, undefined, { signal: this.#stopping.signal }).catch(() => {});
      this.#assertNotStopped();
    }
  }

  #assertNotStopped(): void {
    if (!this.#stopping.signal.aborted) return;
    throw createPluginFailure('SERVER_STOPPING', this.file, 'its host is stopping');
  }

  /** A process that ends although nobody asked it to has crashed; the next use starts another. */
  async #watchExit(running: RunningPlugin): Promise<void> {
    const exit = await running.process.exited;
    if (this.#stopping.signal.aborted) return;
    this.#crashes.push(Date.now());
    this.#running = undefined;
    running.connection.close();
    running.directory?.remove();
    this.#log.warn(`ended by itself (${describeExit(exit)}); the next use starts it again`);
  }
}
