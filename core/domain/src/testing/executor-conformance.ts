import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { toBinaryAsset } from '../job/binary-asset.ts';
import type { ExecutionReport, ExecutionRequest, Executor, LogStore } from '../ports/executor.ts';

/** One host on which executions run, seen by one server after the other. */
export interface ExecutorHost {
  /** A new executor on the host, as after a restart of the server. */
  createExecutor(): Executor;
  readonly logs: LogStore;
  /** An image that runs the POSIX shell script in its environment variable `SCRIPT`. */
  readonly image: string;
  /** Resolves when the execution has ended although nobody watches it. Default: as soon as its log has the last line, `done`. */
  awaitEnd?(attemptId: string): Promise<void>;
  /** Lets an execution go on that waits, by the file `go` in its `JOB_DIR` or by the signal USR1. */
  letGo(attemptId: string): Promise<void>;
  /** Ends what still runs and clears the host. */
  drop(): Promise<void>;
}

/** The part of a script that waits for {@link ExecutorHost.letGo}. */
const UNTIL_TOLD =
  'trap "go=1" USR1; echo ready; until [ -n "$go" ] || [ -e "$JOB_DIR/go" ]; do sleep 0.05; done';

/** The promises of the port {@link Executor}. `skip` names promises that an implementation cannot keep, with the reason. */
export function describeExecutor(
  name: string,
  createHost: () => Promise<ExecutorHost>,
  skip: Readonly<Record<string, string>> = {},
): void {
  describe(`executor ${name}`, () => {
    let host: ExecutorHost;
    let server: Server;
    let number = 0;

    beforeEach(async () => {
      host = await createHost();
      server = startServer(host);
    });
    afterEach(async () => {
      await server.executor.stop();
      await host.drop();
    });

    const promise = (title: string, keep: () => Promise<void>): void => {
      // oxlint-disable-next-line vitest/expect-expect, vitest/valid-title -- each promise below asserts in its own body
      it(title, async (context) => {
        const reason = skip[title];
        if (reason !== undefined) context.skip(reason);
        await keep();
      });
    };
    const toRequest = (script: string, overrides: Partial<ExecutionRequest> = {}): ExecutionRequest => ({
      attemptId: `attempt-${++number}`,
      fence: '1',
      image: host.image,
      env: { SCRIPT: script },
      files: {},
      labels: {},
      ...overrides,
    });
    /** The server dies with its executor; the next one finds the host as it was left. */
    const restartServer = async (): Promise<void> => {
      await server.executor.stop();
      server = startServer(host);
    };

    promise('reports exit code 0, once', async () => {
      const request = toRequest('exit 0');
      await server.executor.start(request);
      const report = await server.waitForReport(request.attemptId);
      expect(report).toMatchObject({
        attemptId: request.attemptId,
        fence: '1',
        outcome: { kind: 'exited', exitCode: 0 },
      });
      expect(server.reports).toHaveLength(1);
    });

    promise('reports any other exit code', async () => {
      const request = toRequest('exit 3');
      await server.executor.start(request);
      expect((await server.waitForReport(request.attemptId)).outcome).toEqual({
        kind: 'exited',
        exitCode: 3,
      });
    });

    promise('reports the signal that ended the task', async () => {
      const request = toRequest('kill -KILL $$');
      await server.executor.start(request);
      expect((await server.waitForReport(request.attemptId)).outcome).toEqual({
        kind: 'signaled',
        signal: 'SIGKILL',
      });
    });

    promise('refuses an image that it does not know', async () => {
      const request = toRequest('exit 0', { image: 'registry.example:5000/no/such-image:1' });
      await expect(server.executor.start(request)).rejects.toMatchObject({ code: 'IMAGE_NOT_RUNNABLE' });
    });

    promise('gives the task a file that is no text byte for byte', async () => {
      const bytes = Uint8Array.of(0x4f, 0x4b, 0x00, 0xff, 0x0a);
      const files = { 'logo.png': toBinaryAsset(bytes) };
      const request = toRequest('cat "$JOB_DIR/in/logo.png"', { files });
      await server.executor.start(request);
      await server.waitForReport(request.attemptId);
      const { data } = await host.logs.read(request.attemptId, 0, 100);
      expect([...data]).toEqual([...bytes]);
    });

    promise('gives the task its environment and its files, under JOB_DIR', async () => {
      const script = 'printf "%s|" "$GREETING"; cat "$JOB_DIR/in/sub/query.sql" "$JOB_DIR/in/.env"';
      const files = { 'sub/query.sql': 'select 1;', '.env': "A='b'" };
      const request = toRequest(script, { env: { SCRIPT: script, GREETING: 'grüß "$dich"\n`it`' }, files });
      await server.executor.start(request);
      await server.waitForReport(request.attemptId);
      expect(await readLog(host.logs, request.attemptId)).toBe(`grüß "$dich"\n\`it\`|select 1;A='b'`);
    });

    promise('captures output and errors in the order written', async () => {
      const request = toRequest('for i in 1 2 3 4 5; do echo out $i; echo err $i >&2; done');
      await server.executor.start(request);
      await server.waitForReport(request.attemptId);
      const lines = [1, 2, 3, 4, 5].flatMap((i) => [`out ${i}`, `err ${i}`]);
      expect(await readLog(host.logs, request.attemptId)).toBe(`${lines.join('\n')}\n`);
    });

    promise('keeps what the attempt left until its report is recorded', async () => {
      const recorded = Promise.withResolvers<void>();
      server.hold(recorded.promise);
      const request = toRequest('exit 3');
      await server.executor.start(request);
      await server.waitForReport(request.attemptId);
      await restartServer();
      recorded.resolve();
      expect(await server.executor.attach({ ...request, fence: '2' }, undefined)).toBe('attached');
      const again = await server.waitForReport(request.attemptId);
      expect(again).toMatchObject({ fence: '2', outcome: { kind: 'exited', exitCode: 3 } });
    });

    promise('asks a canceled task to end', async () => {
      const request = toRequest('trap "echo bye; exit 7" TERM; echo ready; while :; do sleep 0.05; done');
      const handle = await server.executor.start(request);
      await waitForText(host.logs, request.attemptId, 'ready');
      await server.executor.cancel(handle, 60_000);
      expect((await server.waitForReport(request.attemptId)).outcome).toEqual({
        kind: 'exited',
        exitCode: 7,
      });
      expect(await readLog(host.logs, request.attemptId)).toContain('bye');
    });

    promise('makes a canceled task end that does not listen', async () => {
      const request = toRequest('trap "" TERM; echo ready; while :; do sleep 0.05; done');
      const handle = await server.executor.start(request);
      await waitForText(host.logs, request.attemptId, 'ready');
      await server.executor.cancel(handle, 50);
      expect((await server.waitForReport(request.attemptId)).outcome).toEqual({
        kind: 'signaled',
        signal: 'SIGKILL',
      });
    });

    promise('runs an attempt id once, however often it is started', async () => {
      const request = toRequest('echo once');
      await Promise.all([
        server.executor.start(request),
        server.executor.start(request).catch(() => undefined),
      ]);
      await server.executor.start(request).catch(() => undefined);
      await server.waitForReport(request.attemptId);
      await server.executor.start(request).catch(() => undefined);
      expect(await readLog(host.logs, request.attemptId)).toBe('once\n');
    });

    promise('takes a running attempt up again after a restart', async () => {
      const request = toRequest(`${UNTIL_TOLD}; echo done; exit 4`);
      const handle = await server.executor.start(request);
      await waitForText(host.logs, request.attemptId, 'ready');
      await restartServer();
      expect(await server.executor.attach({ ...request, fence: '2' }, handle)).toBe('attached');
      await host.letGo(request.attemptId);
      const report = await server.waitForReport(request.attemptId);
      expect(report).toMatchObject({ fence: '2', outcome: { kind: 'exited', exitCode: 4 } });
      expect(await readLog(host.logs, request.attemptId)).toBe('ready\ndone\n');
    });

    promise('finds an attempt by its id alone', async () => {
      const request = toRequest(`${UNTIL_TOLD}; exit 5`);
      await server.executor.start(request);
      await waitForText(host.logs, request.attemptId, 'ready');
      await restartServer();
      expect(await server.executor.attach(request, undefined)).toBe('attached');
      await host.letGo(request.attemptId);
      expect((await server.waitForReport(request.attemptId)).outcome).toEqual({
        kind: 'exited',
        exitCode: 5,
      });
    });

    promise('reports an end that nobody watched', async () => {
      const request = toRequest('echo done; exit 6');
      await server.executor.start(request);
      await server.executor.stop();
      if (host.awaitEnd) await host.awaitEnd(request.attemptId);
      else await waitForText(host.logs, request.attemptId, 'done');
      await restartServer();
      expect(await server.executor.attach(request, undefined)).toBe('attached');
      expect((await server.waitForReport(request.attemptId)).outcome).toEqual({
        kind: 'exited',
        exitCode: 6,
      });
      expect(await readLog(host.logs, request.attemptId)).toBe('done\n');
    });

    promise('cancels an attempt that it has taken up', async () => {
      const request = toRequest('echo ready; while :; do sleep 0.05; done');
      const handle = await server.executor.start(request);
      await waitForText(host.logs, request.attemptId, 'ready');
      await restartServer();
      await server.executor.attach(request, handle);
      await server.executor.cancel(handle, 60_000);
      expect((await server.waitForReport(request.attemptId)).outcome).toEqual({
        kind: 'signaled',
        signal: 'SIGTERM',
      });
    });

    promise('says that an attempt of which it knows nothing is gone', async () => {
      expect(await server.executor.attach({ attemptId: 'never-started', fence: '1' }, undefined)).toBe(
        'gone',
      );
    });

    promise('ends and forgets what others own by now', async () => {
      const [kept, dropped] = [toRequest(`${UNTIL_TOLD}; exit 8`), toRequest('echo ready; sleep 60')];
      await Promise.all([server.executor.start(kept), server.executor.start(dropped)]);
      for (const { attemptId } of [kept, dropped]) await waitForText(host.logs, attemptId, 'ready');
      await restartServer();
      await server.executor.discardExcept(new Set([kept.attemptId]));
      expect(await server.executor.attach(dropped, undefined)).toBe('gone');
      expect(await server.executor.attach(kept, undefined)).toBe('attached');
      await host.letGo(kept.attemptId);
      expect((await server.waitForReport(kept.attemptId)).outcome).toEqual({ kind: 'exited', exitCode: 8 });
      expect(await readLog(host.logs, dropped.attemptId)).toBe('ready\n');
    });

    promise('runs ten attempts at once', async () => {
      const requests = Array.from({ length: 10 }, (_, index) => toRequest(`exit ${index}`));
      await Promise.all(requests.map((request) => server.executor.start(request)));
      const reports = await Promise.all(requests.map(({ attemptId }) => server.waitForReport(attemptId)));
      expect(reports.map(({ outcome }) => outcome)).toEqual(
        requests.map((_, exitCode) => ({ kind: 'exited', exitCode })),
      );
      expect(server.reports).toHaveLength(10);
    });

    promise('knows no log of an attempt that never started', async () => {
      await expect(host.logs.read('never-started', 0, 10)).rejects.toMatchObject({ code: 'LOG_NOT_FOUND' });
    });

    promise(
      'removes the log of an attempt when it is told to, and never while it has the attempt',
      async () => {
        const [ended, live] = [toRequest('echo ended'), toRequest('echo ready; sleep 60')];
        await Promise.all([server.executor.start(ended), server.executor.start(live)]);
        await waitForText(host.logs, live.attemptId, 'ready');
        await server.waitForReport(ended.attemptId);
        const ids = [ended.attemptId, live.attemptId];
        expect(await listLogs(host.logs)).toEqual(ids.toSorted());
        await expect.poll(() => host.logs.remove([...ids, 'never-started'])).toBe(1);
        expect(await listLogs(host.logs)).toEqual([live.attemptId]);
        await expect(host.logs.read(ended.attemptId, 0, 10)).rejects.toMatchObject({ code: 'LOG_NOT_FOUND' });
        expect(await readLog(host.logs, live.attemptId)).toBe('ready\n');
      },
    );

    promise('waits for the log of an attempt that is just starting', async () => {
      const { signal } = new AbortController();
      await host.logs.waitForMore('starting', 0, { signal, maxWaitMs: 1 });
      const left = new AbortController();
      const waiting = host.logs.waitForMore('starting', 0, { signal: left.signal, maxWaitMs: 60_000 });
      left.abort();
      expect(await waiting).toBeUndefined();
    });

    promise('has no logs before the first attempt', async () => {
      expect(await listLogs(host.logs)).toEqual([]);
      expect(await host.logs.remove(['never-started'])).toBe(0);
    });

    promise('reads a log in pieces and waits for more of it', async () => {
      const request = toRequest('printf abcdef; sleep 0.2; printf ghi');
      await server.executor.start(request);
      await waitForText(host.logs, request.attemptId, 'abcdef');
      const piece = await host.logs.read(request.attemptId, 2, 3);
      expect([Buffer.from(piece.data).toString(), piece.nextOffset]).toEqual(['cde', 5]);
      const signal = new AbortController().signal;
      await host.logs.waitForMore(request.attemptId, 6, { signal, maxWaitMs: 60_000 });
      expect(await readLog(host.logs, request.attemptId)).toBe('abcdefghi');
      await server.waitForReport(request.attemptId);
      await host.logs.waitForMore(request.attemptId, 9, { signal, maxWaitMs: 1 });
      await host.logs.waitForMore(request.attemptId, 9, { signal: AbortSignal.abort(), maxWaitMs: 60_000 });
    });
  });
}

/** The part of a server that an executor sees. */
interface Server {
  readonly executor: Executor;
  readonly reports: readonly ExecutionReport[];
  waitForReport(attemptId: string): Promise<ExecutionReport>;
  /** Reports count as recorded once this resolves. */
  hold(until: Promise<void>): void;
}

function startServer(host: ExecutorHost): Server {
  const executor = host.createExecutor();
  const reports: ExecutionReport[] = [];
  let recorded: Promise<void> = Promise.resolve();
  executor.onReport((report) => {
    reports.push(report);
    return recorded;
  });
  return {
    executor,
    reports,
    hold: (until) => {
      recorded = until;
    },
    waitForReport: (attemptId) =>
      vi.waitFor(
        () => {
          const found = reports.find((report) => report.attemptId === attemptId);
          expect(found, `the report on ${attemptId}`).toBeDefined();
          return found as ExecutionReport;
        },
        { timeout: 15_000, interval: 10 },
      ),
  };
}

async function readLog(logs: LogStore, attemptId: string): Promise<string> {
  const { data } = await logs.read(attemptId, 0, 1_000_000);
  return Buffer.from(data).toString();
}

async function listLogs(logs: LogStore): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const id of logs.list()) ids.push(id);
  return ids.toSorted();
}

function waitForText(logs: LogStore, attemptId: string, text: string): Promise<void> {
  return vi.waitFor(async () => expect(await readLog(logs, attemptId)).toContain(text), {
    timeout: 15_000,
    interval: 10,
  });
}
