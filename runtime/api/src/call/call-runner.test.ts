import { core } from '@optimus/proto';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { makeAuthenticator } from '../testing/attempt-credential.ts';
import { OPEN_ACCESS } from './authenticator.ts';
import { bindService } from './bind-service.ts';
import type { BoundMethod, CallContext, CallIo, IncomingCall } from './call.ts';
import { createCallMetrics } from './call-metrics.ts';
import { CallRunner } from './call-runner.ts';

interface Entry {
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>> | undefined;
}

function makeLog(entries: Entry[]) {
  const at = (level: string) => (message: string, fields?: Entry['fields']) =>
    void entries.push({ level, message, fields });
  const log = {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => log,
  };
  return log;
}

function setUp(handle: (context: CallContext) => Promise<void>, auth = OPEN_ACCESS) {
  const entries: Entry[] = [];
  const metrics = createCallMetrics(new Registry());
  const stopping = new AbortController().signal;
  const runner = new CallRunner({ auth, log: makeLog(entries), metrics, stopping });
  const desc = core.ProjectService.method.listProjects;
  const method: BoundMethod = { desc, access: 'token', handle: (_io, context) => handle(context) };
  return { entries, run: (call: Partial<IncomingCall> = {}) => runner.run(method, makeCall(call), NO_IO) };
}

function makeCall(overrides: Partial<IncomingCall>): IncomingCall {
  const signal = new AbortController().signal;
  return { transport: 'rest', peer: '127.0.0.1', header: () => undefined, signal, ...overrides };
}

const NO_IO: CallIo = {
  request: () => Promise.reject(new TypeError('nothing to read')),
  requests: () => {
    throw new TypeError('nothing to read');
  },
  send: () => Promise.resolve(),
};

describe('a call', () => {
  it('logs method, transport, peer, status and time, and nothing else', async () => {
    const { entries, run } = setUp(async () => {});
    expect((await run()).name).toBe('OK');
    expect(entries).toEqual([
      {
        level: 'debug',
        message: 'call',
        fields: {
          method: 'odpf.optimus.core.v1beta1.ProjectService/ListProjects',
          transport: 'rest',
          peer: '127.0.0.1',
          code: 'OK',
          ms: expect.any(Number),
        },
      },
    ]);
  });

  it('is cancelled, not failed, when the client left', async () => {
    const { entries, run } = setUp(() => Promise.reject(new TypeError('socket is gone')));
    expect(await run({ signal: AbortSignal.abort() })).toMatchObject({ name: 'CANCELLED' });
    expect(entries.map(({ level }) => level)).toEqual(['info']);
  });

  it('does not reach its handler without credentials', async () => {
    let isReached = false;
    const reach = async (): Promise<void> => {
      isReached = true;
    };
    const { run } = setUp(reach, makeAuthenticator({ tokens: ['t'] }));
    expect([(await run()).name, isReached]).toEqual(['UNAUTHENTICATED', false]);
  });

  it.each([
    [{ 'x-author': 'ada', authorization: `Basic ${btoa('robot:t')}` }, 'ada (as robot)'],
    [{ authorization: `Basic ${btoa('robot:t')}` }, 'robot'],
    [{ authorization: 'Bearer t' }, ''],
  ])('knows its author from %j', async (headers: Record<string, string>, expected) => {
    const authors: string[] = [];
    const note = async ({ author }: CallContext): Promise<void> => void authors.push(author);
    const { run } = setUp(note, makeAuthenticator({ tokens: ['t'] }));
    await run({ header: (name) => headers[name] });
    expect(authors).toEqual([expected]);
  });
});

describe('a bound service', () => {
  it('turns what a handler throws before it begins into a failed call', async () => {
    const [method] = bindService(core.RuntimeService, {
      version: () => {
        throw new TypeError('at once');
      },
      registerJobEvent: () => ({}),
    });
    const io = { ...NO_IO, request: async () => ({ $typeName: 'x' }) };
    await expect(method?.handle(io, {} as CallContext)).rejects.toThrow('at once');
  });
});
