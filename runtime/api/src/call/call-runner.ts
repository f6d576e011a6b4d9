import type { Log } from '@optimus/domain';
import { type CallStatus, OK, toAbortedStatus, toCallStatus } from '../errors/call-status.ts';
import { type Authenticator, assertUnlimited } from './authenticator.ts';
import type { BoundMethod, CallContext, Caller, CallIo, IncomingCall } from './call.ts';
import { toAuthor } from './call-author.ts';
import type { CallMetrics } from './call-metrics.ts';

/** What every call passes on its way, whatever the transport. */
export interface CallRunnerOptions {
  readonly auth: Authenticator;
  readonly log: Log;
  readonly metrics: CallMetrics;
  /** Aborted when the server begins to stop. */
  readonly stopping: AbortSignal;
}

const NOBODY: Caller = { name: '', instance: undefined };

/** Runs calls: credentials, handler, error, log line, metrics. Never throws and never lets a handler's failure escape. */
export class CallRunner {
  readonly #options: CallRunnerOptions;

  constructor(options: CallRunnerOptions) {
    this.#options = options;
  }

  /** The status to answer with; answers themselves have gone through `io` by then. */
  async run(method: BoundMethod, call: IncomingCall, io: CallIo): Promise<CallStatus> {
    const { log, metrics } = this.#options;
    const startedAt = performance.now();
    const inFlight = metrics.start(method.desc);
    const status = await this.#attempt(method, call, io);
    const durationMs = performance.now() - startedAt;
    inFlight.end(status.name, durationMs);
    logCall(log, { method, call, status, durationMs });
    return status;
  }

  async #attempt(method: BoundMethod, call: IncomingCall, io: CallIo): Promise<CallStatus> {
    try {
      const cut = Promise.withResolvers<never>();
      const handled = method.handle(io, { ...(await this.#admit(method, call)), cut: cut.reject });
      await (method.desc.methodKind === 'server_streaming' ? Promise.race([handled, cut.promise]) : handled);
      return OK;
    } catch (thrown) {
      if (call.signal.aborted) return toAbortedStatus(call.signal.reason);
      return toCallStatus(thrown, this.#options.log);
    }
  }

  /** @throws OptimusError `UNAUTHENTICATED`, `PERMISSION_DENIED` */
  async #admit({ desc, access }: BoundMethod, call: IncomingCall): Promise<Omit<CallContext, 'cut'>> {
    const { auth, log, stopping } = this.#options;
    const caller = access === 'anybody' ? NOBODY : await auth.authenticate(call.header('authorization'));
    if (access === 'token') assertUnlimited(caller, `${desc.parent.name}.${desc.name}`);
    const author = toAuthor(call.header('x-author'), caller.name);
    const header = (name: string): string | undefined => call.header(name);
    return { caller, author, signal: call.signal, stopping, log, header };
  }
}

interface EndedCall {
  readonly method: BoundMethod;
  readonly call: IncomingCall;
  readonly status: CallStatus;
  readonly durationMs: number;
}

/** Bodies never reach the log: they may hold secrets. */
function logCall(log: Log, { method: { desc }, call, status, durationMs }: EndedCall): void {
  const fields = {
    method: `${desc.parent.typeName}/${desc.name}`,
    transport: call.transport,
    peer: call.peer,
    code: status.name,
    ms: Math.round(durationMs * 10) / 10,
  };
  if (status.name === 'OK') log.debug('call', fields);
  else log.info('call failed', { ...fields, reason: status.reason, message: status.message });
}
