import type { DescMessage, DescMethodUnary, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import { status } from '@grpc/grpc-js';
import type { OptimusError, PluginMod } from '@optimus/domain';
import { BaseService, type PluginInfoResponse, PluginMod as PluginModNumber } from '@optimus/proto/plugins';
import { isServiceError } from '../connection/call-failure.ts';
import { type Dialect, listCandidateDialects } from '../connection/dialect.ts';
import { listServices } from '../connection/list-services.ts';
import { encodeRequest } from '../connection/plugin-connection.ts';
import { describeExit } from '../process/plugin-process.ts';
import { createCaseFailure } from './conformance-case.ts';
import { type LaunchOptions, PluginSession } from './plugin-session.ts';

/** What a plugin answered: a message, or an error of its own making. */
export type Reply<T> =
  | { readonly kind: 'answer'; readonly message: T }
  | { readonly kind: 'refusal'; readonly code: status; readonly text: string };

/** A call by the names of the plugin's own dialect. */
export interface VerifiedCall<I extends DescMessage, O extends DescMessage> {
  readonly method: DescMethodUnary<I, O>;
  readonly service: Exclude<keyof Dialect, 'name' | 'base'>;
  readonly request: MessageInitShape<I> | Buffer;
}

const callTimeoutMs = 30_000;
const exitGraceMs = 1000;

/** No error of a plugin's own, but signs that it does not work. */
const brokenCodes: ReadonlyMap<status, string> = new Map([
  [status.DEADLINE_EXCEEDED, `did not answer within ${callTimeoutMs / 1000} s`],
  [status.UNIMPLEMENTED, 'is not served'],
  [status.INTERNAL, 'failed within'],
]);

/** The plugin under test. A process that a case has broken is replaced for the next one. */
export class VerifiedPlugin {
  readonly launchOptions: LaunchOptions;
  #session: PluginSession | undefined;
  #opening: Promise<PluginSession> | undefined;
  #dialect: Dialect | undefined;
  #info: PluginInfoResponse | undefined;

  constructor(launchOptions: LaunchOptions) {
    this.launchOptions = launchOptions;
  }

  /** A running process: one for all who ask at once. @throws OptimusError `PLUGIN_UNUSABLE` */
  open(): Promise<PluginSession> {
    this.#opening ??= this.#openSession().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #openSession(): Promise<PluginSession> {
    if (this.#session?.isAlive) return this.#session;
    await this.#session?.close();
    this.#session = await PluginSession.open(this.launchOptions);
    return this.#session;
  }

  async close(): Promise<void> {
    await this.#session?.close();
  }

  /** Finds how it is spoken to. @throws when it serves nothing that hosts know */
  async findDialect(): Promise<Dialect> {
    if (this.#dialect !== undefined) return this.#dialect;
    const { connection } = await this.open();
    const services = await listServices(connection);
    for (const dialect of listCandidateDialects(services)) {
      const reply = await this.#askInfo(dialect);
      if (reply === undefined) continue;
      this.#dialect = dialect;
      this.#info = reply;
      return dialect;
    }
    const found =
      services === undefined ? 'it does not list its services' : `it serves ${services.join(', ')}`;
    throw createCaseFailure(`serves the API under no name that is known (${found})`);
  }

  /** What it said of itself when the dialect was found. */
  get info(): PluginInfoResponse {
    if (this.#info === undefined) throw createCaseFailure('has not said who it is');
    return this.#info;
  }

  /** Whether it says that it has a mod. One that tells but its name is known by what it is: it resolves dependencies. */
  declares(mod: PluginMod): boolean {
    if (this.#dialect?.base === undefined) return mod === 'dependencyresolver';
    const number = mod === 'cli' ? PluginModNumber.CLI : PluginModNumber.DEPENDENCYRESOLVER;
    return this.info.pluginMods.includes(number);
  }

  /** What it calls itself, once it has said so. */
  get name(): string | undefined {
    return this.#info?.name || undefined;
  }

  async askInfo(): Promise<PluginInfoResponse> {
    const info = await this.#askInfo(await this.findDialect());
    if (info === undefined) throw createCaseFailure('no longer says who it is');
    return info;
  }

  async #askInfo({ base, dependencyResolver }: Dialect): Promise<PluginInfoResponse | undefined> {
    const { connection } = await this.open();
    const method = BaseService.method.pluginInfo;
    const target =
      base === undefined ? { servedAs: dependencyResolver, calledAs: 'GetName' } : { servedAs: base };
    try {
      return await connection.call({ method, ...target, request: {}, timeoutMs: callTimeoutMs });
    } catch (error) {
      if (isServiceError(error) && error.code === status.UNIMPLEMENTED) return undefined;
      throw await this.#describeBroken(error, method.name);
    }
  }

  /**
   * Makes a call. An error that a plugin may well have is a refusal.
   * @throws when it crashes, hangs, or does not serve the method
   */
  async ask<I extends DescMessage, O extends DescMessage>(
    call: VerifiedCall<I, O>,
  ): Promise<Reply<MessageShape<O>>> {
    const { method, service, request } = call;
    const dialect = await this.findDialect();
    const { connection } = await this.open();
    const bytes = Buffer.isBuffer(request) ? request : encodeRequest(method, request);
    try {
      const servedAs = dialect[service];
      const message = await connection.send({ method, servedAs, bytes, timeoutMs: callTimeoutMs });
      return { kind: 'answer', message };
    } catch (error) {
      return this.#toRefusal(error, method.name);
    }
  }

  /** As {@link ask}, for calls that a good plugin has no reason to refuse. */
  async get<I extends DescMessage, O extends DescMessage>(
    call: VerifiedCall<I, O>,
  ): Promise<MessageShape<O>> {
    const reply = await this.ask(call);
    if (reply.kind === 'answer') return reply.message;
    throw createCaseFailure(`${call.method.name} is answered with an error: ${reply.text}`);
  }

  async #toRefusal(error: unknown, method: string): Promise<Reply<never>> {
    if (!isServiceError(error) || error.code === status.UNAVAILABLE || brokenCodes.has(error.code))
      throw await this.#describeBroken(error, method);
    return { kind: 'refusal', code: error.code, text: error.details };
  }

  async #describeBroken(error: unknown, method: string): Promise<OptimusError> {
    if (!isServiceError(error))
      return createCaseFailure(`the answer to ${method} cannot be read: ${String(error)}`);
    const known = brokenCodes.get(error.code);
    if (known !== undefined) return createCaseFailure(`${method} ${known}: ${error.details}`);
    if (error.code !== status.UNAVAILABLE) return createCaseFailure(`${method}: ${error.details}`);
    const process = this.#session?.process;
    const exit = await process?.waitForExit(exitGraceMs);
    if (exit === undefined) {
      await process?.kill();
      return createCaseFailure(`the connection broke during ${method}`);
    }
    const tail = process?.errorTail.at(-1);
    return createCaseFailure(
      `ended during ${method} (${describeExit(exit)})${tail === undefined ? '' : `: ${tail}`}`,
    );
  }
}
