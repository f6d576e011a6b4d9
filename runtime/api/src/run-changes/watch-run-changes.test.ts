import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { OptimusError, parseNamespaceName, parseProjectName } from '@optimus/domain';
import { core } from '@optimus/proto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeMemoryDeps, startApi } from '../testing/api-rig.ts';
import { collect, GrpcTestClient } from '../testing/grpc-test-client.ts';
import { AnnouncedChanges } from '../testing/run-fixtures.ts';
import { makeRunChange, WrittenRunChanges } from '../testing/written-run-changes.ts';

const PATH = '/api/v1beta1/project/sky/run-changes';
const { watchRunChanges } = core.JobRunService.method;

async function setUp() {
  const [runChanges, changes] = [new WrittenRunChanges(), new AnnouncedChanges()];
  const rig = await startApi({ deps: makeMemoryDeps({ runChanges, changes }) });
  const write = (...messages: readonly string[]): void => {
    for (const message of messages) runChanges.written.push(makeRunChange({ message }));
    changes.announce({ topic: 'run_changed', id: '1' });
  };
  return { ...rig, runChanges, changes, write };
}

/** Listens over HTTP, and answers the text that has come so far. */
function listen(port: number, path = PATH, headers: Readonly<Record<string, string>> = {}) {
  let text = '';
  const request = httpRequest({ port, path, headers: { accept: 'text/event-stream', ...headers } });
  const head = Promise.withResolvers<Readonly<Record<string, unknown>>>();
  request
    .on('error', () => {})
    .on('response', (response) => {
      head.resolve(response.headers);
      response.on('error', () => {}).on('data', (data: Buffer) => (text += data));
    });
  request.end();
  onTestFinished(() => void request.destroy());
  const read = () =>
    text.split('\n\n').flatMap((event) => {
      const data = /^data: (.*)$/m.exec(event)?.[1];
      return data === undefined
        ? []
        : [JSON.parse(data) as { readonly change: { readonly message: string } }];
    });
  return {
    head: head.promise,
    text: () => text,
    messages: () => read().map(({ change }) => change.message),
    ids: () => [...text.matchAll(/^id: (.*)$/gm)].map(([, id]) => id),
    leave: () => request.destroy(),
  };
}

describe('changes of runs over HTTP', () => {
  it('are server-sent events with ids, of which the first tells where the listener begins', async () => {
    const { port, write } = await setUp();
    write('before');
    const listener = listen(port);
    await expect.poll(() => listener.ids()).toEqual(['1']);
    write('after');
    await expect.poll(() => listener.messages()).toEqual(['after']);
    expect(await listener.head).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
    });
    expect(listener.text()).toMatch(
      /^retry: 2000\n\nid: 1\n: nothing new\n\nid: 2\ndata: \{"change":\{.*\}\}\n\n$/,
    );
  });

  it('go on after Last-Event-ID, which wins over `after`, with nothing lost and nothing twice', async () => {
    const { port, write } = await setUp();
    write('1', '2', '3');
    const listener = listen(port, `${PATH}?after=0`, { 'last-event-id': '1' });
    await expect.poll(() => listener.messages()).toEqual(['2', '3']);
    write('4');
    await expect.poll(() => listener.messages()).toEqual(['2', '3', '4']);
    expect(listener.ids()).toEqual(['2', '3', '3', '4']);
  });

  it('are lines of JSON when JSON is asked for', async () => {
    const { url, write } = await setUp();
    write('1');
    const response = await fetch(`${url}${PATH}?after=0`, { headers: { accept: 'application/json' } });
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    const { value } = await (response.body ?? new ReadableStream()).getReader().read();
    expect(
      JSON.parse(
        Buffer.from(value as Uint8Array)
          .toString()
          .split('\n')[0] ?? '',
      ),
    ).toMatchObject({
      result: { eventId: '1', change: { message: '1', state: 'running', previousState: 'queued' } },
    });
  });

  it('are those of the project, namespace, job and states that were asked for', async () => {
    const { port, runChanges, write } = await setUp();
    const paths = ['', '?namespace_name=space', '?job_name=other', '?state=failed&state=success'];
    const listeners = paths.map((query) => listen(port, `${PATH}${query}`));
    await expect.poll(() => listeners.map((one) => one.ids().length)).toEqual([1, 1, 1, 1]);
    runChanges.written.push(
      makeRunChange({ message: 'foreign', project: parseProjectName('sea') }),
      makeRunChange({ message: 'beside', namespace: parseNamespaceName('ground') }),
      makeRunChange({ message: 'failed', state: 'failed' }),
    );
    write('last');
    const expected = [['beside', 'failed', 'last'], ['failed', 'last'], [], ['failed']];
    await expect.poll(() => listeners.map((one) => one.messages())).toEqual(expected);
  });

  it('refuse what is no id, with the reason', async () => {
    const { url } = await setUp();
    const response = await fetch(`${url}${PATH}?after=x`);
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { message: 'no id of this stream' },
    ]);
  });

  it('tell the end of the server as a failure, after which a browser comes again', async () => {
    const { api, port } = await setUp();
    const listener = listen(port);
    await expect.poll(() => listener.ids()).toEqual(['0']);
    await api.stop();
    const end = /event: failure\ndata: \{"code":14,"message":"the server is stopping".*\n\n$/;
    await expect.poll(() => listener.text()).toMatch(end);
  });
});

describe('changes of runs over gRPC', () => {
  it('come with ids, and after one', async () => {
    const { port, write } = await setUp();
    write('1', '2');
    const client = new GrpcTestClient(port);
    const stream = client.stream(watchRunChanges, { projectName: 'sky', after: '1' });
    const seen: (string | undefined)[] = [];
    stream.on('data', ({ change }) => seen.push(change?.message)).on('error', () => {});
    await expect.poll(() => seen).toEqual(['2', undefined]);
    write('3');
    await expect.poll(() => seen).toEqual(['2', undefined, '3']);
    stream.cancel();
  });

  it('say when an id is of no use any more', async () => {
    const { port, runChanges } = await setUp();
    runChanges.failure = new OptimusError('RUN_CHANGES_GONE', { message: 'too old' });
    const client = new GrpcTestClient(port);
    const { error } = await collect(client.stream(watchRunChanges, { projectName: 'sky', after: '1' }));
    expect(error).toMatchObject({ code: 9, message: expect.stringContaining('too old') });
  });
});

describe('many listeners', () => {
  it('share one reading, and nothing is read when nobody listens', async () => {
    const { port, runChanges, changes, write } = await setUp();
    const listeners = Array.from({ length: 20 }, () => listen(port));
    await expect.poll(() => listeners.every((one) => one.ids().length === 1)).toBe(true);
    const before = runChanges.reads;
    write('told to all');
    await expect.poll(() => listeners.every((one) => one.messages().length === 1)).toBe(true);
    expect(runChanges.reads - before).toBe(1);
    for (const one of listeners) one.leave();
    await expect.poll(() => changes.listenerCount).toBe(0);
    const after = runChanges.reads;
    write('told to nobody');
    expect(runChanges.reads).toBe(after);
  });

  it('go on where they are when the database was away', async () => {
    const { port, runChanges, write } = await setUp();
    const listener = listen(port);
    await expect.poll(() => listener.ids()).toEqual(['0']);
    runChanges.failure = new OptimusError('DATABASE_UNAVAILABLE', { message: 'away' });
    write('1');
    await expect.poll(() => runChanges.reads).toBeGreaterThan(1);
    runChanges.failure = undefined;
    write('2');
    await expect.poll(() => listener.messages()).toEqual(['1', '2']);
  });

  it('do not wait for one that reads nothing, which is let go of with the reason', async () => {
    const { port, url, changes, write } = await setUp();
    const slow = connect(port);
    onTestFinished(() => void slow.destroy());
    slow.pause().write(`GET ${PATH} HTTP/1.1\r\nhost: x\r\n\r\n`);
    const quick = listen(port);
    await expect.poll(() => quick.ids()).toEqual(['0']);
    await expect.poll(() => changes.listenerCount).toBe(1);
    const long = 'x'.repeat(10_000);
    const countListeners = async () =>
      /^optimus_run_change_listeners (\d+)$/m.exec(await (await fetch(`${url}/metrics`)).text())?.[1];
    await expect.poll(() => countListeners()).toBe('2');
    for (let written = 0; (await countListeners()) === '2'; written += 250) {
      write(...Array.from({ length: 250 }, () => long));
      await expect.poll(() => quick.ids()).toHaveLength(written + 251);
    }
    let text = '';
    slow.on('data', (data) => (text += data)).resume();
    await expect.poll(() => text.includes('event: failure')).toBe(true);
    expect(text.slice(-1_000)).toMatch(/LISTENER_TOO_SLOW/);
  }, 60_000);
});
