import { type Service, SILENT_LOG } from '@optimus/domain';
import { describe, expect, it } from 'vitest';
import { toLocalAddress } from './local-address.ts';
import { ServiceStack } from './service-stack.ts';

function setUp() {
  const events: string[] = [];
  const controller = new AbortController();
  const stack = new ServiceStack(SILENT_LOG, controller.signal);
  const make = (name: string, failure?: 'start' | 'stop'): Service => ({
    name,
    async start() {
      events.push(`start ${name}`);
      if (failure === 'start') throw new TypeError(name);
    },
    async stop() {
      events.push(`stop ${name}`);
      if (failure === 'stop') throw new TypeError(name);
    },
  });
  return { events, stack, controller, make };
}

describe('services that run', () => {
  it('stop in reverse, whatever fails, and once', async () => {
    const { events, stack, make } = setUp();
    await stack.start(make('a'));
    await stack.start(make('b', 'stop'));
    const service = make('c');
    stack.hold('c', () => service.stop());
    await stack.stop();
    await stack.stop();
    expect(events).toEqual(['start a', 'start b', 'stop c', 'stop b', 'stop a']);
  });

  it('include the one whose start failed', async () => {
    const { events, stack, make } = setUp();
    await stack.start(make('a'));
    await expect(stack.start(make('b', 'start'))).rejects.toThrow('b');
    await stack.stop();
    expect(events).toEqual(['start a', 'start b', 'stop b', 'stop a']);
  });

  it('start no more once the start is aborted', async () => {
    const { events, stack, make, controller } = setUp();
    controller.abort();
    await expect(stack.start(make('a'))).rejects.toThrow(/abort/);
    expect(events).toEqual([]);
  });
});

describe('the local address', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['0.0.0.0', '127.0.0.1'],
    ['::', '127.0.0.1'],
    ['::1', '[::1]'],
    ['10.1.2.3', '10.1.2.3'],
  ])('of a server on %s is %s', (host, expected) => {
    expect(toLocalAddress({ host, port: 1 })).toEqual({ host: expected, port: 1 });
  });
});
