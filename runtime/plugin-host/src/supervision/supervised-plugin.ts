import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { DescMessage, DescMethodUnary, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import { status } from '@grpc/grpc-js';
import { formatInstant, type Log, OptimusError, type PluginInfo, toErrorMessage } from '@optimus/domain';
import type { AnswerCache } from '../answers/answer-cache.ts';
import {
  createCrash,
  createRequestTooLarge,
  type FailedCall,
  isStatus,
  toCallFailure,
} from '../connection/call-failure.ts';
import type { Dialect } from '../connection/dialect.ts';
import { encodeRequest } from '../connection/plugin-connection.ts';
import { fromPluginInfo } from '../connection/plugin-info.ts';
import type { DiscoveredPlugin } from '../discovery/discover-plugins.ts';
import { readMark } from '../discovery/file-version.ts';
import { createPluginFailure } from '../plugin-failure.ts';
import { describeExit } from '../process/plugin-process.ts';
import { IdleWatch } from './idle-watch.ts';
import { planRestart } from './restart-policy.ts';
import { type RunningPlugin, type StartOptions, startPlugin, stopPlugin, vet } from './running-plugin.ts';

/** One call of a mod, in whatever dialect the plugin speaks. */
export interface ModCall<I extends DescMessage, O extends DescMessage> {
  readonly method: DescMethodUnary<I, O>;
  readonly service: Exclude<keyof Dialect, 'name' | 'base'>;
  readonly request: MessageInitShape<I>;
  readonly timeoutMs: number;
  /** Whose request it is, for messages to people. */
  readonly jobName?: string | undefined;
}

/** What supervising a plugin takes. */
export interface SupervisionOptions extends Omit<StartOptions, 'plugin' | 'signal' | 'log'> {
  /** A process that served no call for so long is stopped, and starts again with the next one; 0: never. */
  readonly idleTimeoutMs: number;
  /** What programs have said to earlier hosts. */
  readonly answers?: AnswerCache | undefined;
}

/** What is known of a plugin, whether its process runs or not. */
interface Profile {
  readonly info: PluginInfo;
  /** It has but one of the services, and a file says the rest. */
  readonly isResolverOnly: boolean;
}

/** A plugin that could not be started is not tried again at once: each try may take as long as the start's timeout. */
const failureMemoryMs = 30_000;

/** Broken connections are mostly those of a process about to be gone; longer than this and we end it. */
const exitGraceMs = 1000;

/**
 * One plugin file and the process that serves it. The process starts with the first use, is shared by all of them, stops
 * when nobody has used it for a while, and starts again with the next use, or after a crash. The states are drawn in DESIGN.md.
 */
export class SupervisedPlugin {
  readonly file: DiscoveredPlugin;
  readonly #options: SupervisionOptions;
  readonly #log: Log;
  readonly #stopping = new AbortController();
  readonly #crashes: number[] = [];
  readonly #idle: IdleWatch;
  /** Processes that were asked to end as nobody used them. */
  readonly #ending = new Set<Promise<void>>();
  /** The process that new calls go to, from the beginning of its start. */
  #running: Promise<RunningPlugin> | undefined;
  /** The same once it has started: whichever process ends and is not this one was asked to. */
  #ready: RunningPlugin | undefined;
  #stopped: Promise<void> | undefined;
  #profile: Profile | undefined;
  /** Of the file whose program said so. */
  #mark: string;
  readonly #calls = new Set<Promise<unknown>>();
  #failure: { readonly error: unknown; readonly atMs: number } | undefined;

  constructor(file: DiscoveredPlugin, options: SupervisionOptions, log: Log) {
    this.file = file;
    this.#mark = readMark(file.path);
    this.#options = options;
    this.#log = log.child({ plugin: file.name });
    this.#idle = new IdleWatch({ timeoutMs: options.idleTimeoutMs, onIdle: () => this.#rest() });
  }

  /**
   * What the plugin said of itself when it was last asked: one value as long as one program says the same.
   * @throws OptimusError `PLUGIN_UNUSABLE`
   */
  async getInfo(): Promise<PluginInfo> {
    return (await this.#getProfile()).info;
  }

  /**
   * Calls the plugin. All calls of the protocol may be repeated, so one that a crash interrupted is made once more.
   * @throws OptimusError `PLUGIN_REFUSED`, `PLUGIN_TIMEOUT`, `PLUGIN_CRASHED`, `PLUGIN_UNUSABLE`, `MESSAGE_TOO_LARGE`
   */
  call<I extends DescMessage, O extends DescMessage>(call: ModCall<I, O>): Promise<MessageShape<O>> {
    const called = this.#idle.during(() => this.#callTwice(call));
    this.#calls.add(called);
    const forget = () => void this.#calls.delete(called);
    called.then(forget, forget);
    return called;
  }

  /** Whether it has but one of the services, and a file says the rest. */
  async isResolverOnly(): Promise<boolean> {
    return (await this.#getProfile()).isResolverOnly;
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
    this.#idle.cancel();
    const running = await this.#running?.catch(() => undefined);
    this.#running = undefined;
    this.#ready = undefined;
    if (running !== undefined) await stopPlugin(running, this.#log);
    await Promise.all(this.#ending);
  }

  /**
   * Nobody uses the process, and from this moment on nobody can: the next call starts another one and need not wait for
   * this one to end. One that another program has started is not ours to end.
   */
  #rest(): void {
    const unused = this.#ready;
    if (unused?.directory === undefined) return;
    this.#ready = undefined;
    this.#running = undefined;
    this.#log.debug('not used for a while; it is stopped until the next call');
    const ended = stopPlugin(unused, this.#log)
      .catch((error: unknown) => this.#log.warn('did not stop well', { reason: toErrorMessage(error) }))
      .finally(() => this.#ending.delete(ended));
    this.#ending.add(ended);
  }

  async #getProfile(): Promise<Profile> {
    if (this.#profile !== undefined) return this.#profile;
    const recalled = await this.#recall();
    this.#profile ??= recalled;
    if (this.#profile !== undefined) return this.#profile;
    const running = await this.#idle.during(() => this.#ensureRunning());
    return this.#profile ?? toProfile(running);
  }

  /** What it said to an earlier host. A file that may not be run has said nothing: its start tells why. */
  async #recall(): Promise<Profile | undefined> {
    const { answers, reattach } = this.#options;
    if (answers === undefined || reattach !== undefined) return undefined;
    try {
      await vet({ ...this.#options, plugin: this.file });
      const answer = answers.find(this.file.path);
      return answer && { info: fromPluginInfo(answer, this.file, this.#log), isResolverOnly: false };
    } catch {
      return undefined;
    }
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
      const running = await this.#startOnce().catch((error: unknown) => this.#startAgain(error));
      this.#ready = running;
      void this.#watchExit(running);
      return running;
    } catch (error) {
      this.#failure = { error, atMs: Date.now() };
      if (!this.#stopping.signal.aborted) this.#options.answers?.forget(this.file.path);
      throw error;
    }
  }

  /** Whoever kills a process while it starts says nothing about the program: that counts as a crash. */
  async #startAgain(error: unknown): Promise<RunningPlugin> {
    const wasKilled = error instanceof OptimusError && error.code === 'PLUGIN_CRASHED';
    if (!wasKilled || this.#stopping.signal.aborted) throw error;
    this.#crashes.push(Date.now());
    this.#log.warn('was killed while it started; it is started again');
    await this.#awaitTurn();
    return this.#startOnce();
  }

  async #startOnce(): Promise<RunningPlugin> {
    const { answers, ...options } = this.#options;
    const plugin = this.file;
    const mark = readMark(plugin.path);
    const asked = answers?.note(plugin.path);
    const running = await startPlugin({ ...options, plugin, log: this.#log, signal: this.#stopping.signal });
    if (asked && running.answer && running.directory) answers?.keep(asked, running.answer);
    this.#learn(toProfile(running), mark);
    return running;
  }

  /**
   * A program may speak otherwise although nobody has touched its file: by its environment, or a library. What is known by
   * the value of its info stays known, unless the program may be another: by its file, or because somebody else starts it.
   */
  #learn(profile: Profile, mark: string): void {
    const isSame = isDeepStrictEqual(this.#profile, profile);
    if (this.#profile !== undefined && !isSame) this.#log.warn('says something else of itself than before');
    const isSameProgram = mark === this.#mark && this.#options.reattach === undefined;
    if (!isSame || !isSameProgram) this.#profile = profile;
    this.#mark = mark;
  }

  /** After crashes, waits as long as the restart policy asks for. */
  async #awaitTurn(): Promise<void> {
    const decision = planRestart(Date.now(), this.#crashes);
    if (decision.kind === 'give_up') {
      const until = formatInstant(new Date(decision.untilMs));
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
    if (this.#stopping.signal.aborted || this.#ready !== running) return;
    this.#crashes.push(Date.now());
    this.#ready = undefined;
    this.#running = undefined;
    running.connection.close();
    running.directory?.remove();
    this.#log.warn(`ended by itself (${describeExit(exit)}); the next use starts it again`);
  }
}

function toProfile({ info, dialect }: RunningPlugin): Profile {
  return { info, isResolverOnly: dialect.base === undefined };
}
