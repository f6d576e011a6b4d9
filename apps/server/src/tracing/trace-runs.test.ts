import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { type Log, SILENT_LOG } from '@optimus/domain';
import { claimOne, DONE, EXIT_0, makeTenant, planRun } from '@optimus/domain/testing';
import { createTestDatabase } from '@optimus/store/testing';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createSpanExporter } from './span-exporter.ts';
import { TraceIds } from './trace-ids.ts';
import { traceRuns } from './trace-runs.ts';

const SERVER = { version: '1', hostId: 'h', log: SILENT_LOG };

interface SeenSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
}

interface SeenRequest {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly SeenSpan[] }[];
  }[];
}

/** A collector of OTLP over HTTP that keeps what it is sent. */
async function startCollector() {
  const spans: SeenSpan[] = [];
  const headers: unknown[] = [];
  const take = async (request: IncomingMessage): Promise<void> => {
    const { resourceSpans } = (await json(request)) as SeenRequest;
    headers.push([request.url, request.headers['x-key']]);
    spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
  };
  const server = createServer((request, response) => {
    void take(request).then(() => response.setHeader('content-type', 'application/json').end('{}'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { spans, headers, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

it('a run is one trace from its plan to its attempts, and the task is told where its own spans belong', async () => {
  const test = await createTestDatabase();
  onTestFinished(() => test.drop());
  const collector = await startCollector();
  const exporter = createSpanExporter({ ...collector, ...SERVER, headers: { 'x-key': 'k' } });
  const ids = new TraceIds(await test.store.readIdentity());
  let env: Readonly<Record<string, string>> = {};
  const executor = {
    name: 'test',
    start: async (request: { readonly env: typeof env }) => ({ pid: ((env = request.env), 1) }),
    attach: async () => 'gone' as const,
    cancel: async () => {},
    onReport: () => {},
    discardExcept: async () => {},
    stop: async () => {},
  };
  const told: string[] = [];
  const ports = traceRuns({
    ...test.store,
    ids,
    executor,
    export: (spans) => {
      told.push(...spans.map(({ name }) => name));
      exporter.export(spans);
    },
    log: SILENT_LOG,
  });
  const tenant = await makeTenant(test.store);
  await planRun(test.store, tenant);
  const attempt = await claimOne({ ...test.store, ...ports }, tenant);
  const { attemptId, fence, runId } = attempt;
  await ports.executor.start({ attemptId, fence, image: 'i', env: { A: '1' }, files: {}, labels: {} });
  await ports.runs.finish(attempt, EXIT_0, DONE);
  await expect.poll(() => told).toContain('attempt 1');
  await exporter.stop();
  const [, traceId = '', spanId = ''] = /^00-(\w{32})-(\w{16})-01$/.exec(env['TRACEPARENT'] ?? '') ?? [];
  expect(traceId).toBe(ids.ofRun(runId));
  const { spans } = collector;
  expect(new Set(spans.map((span) => span.traceId))).toEqual(new Set([traceId]));
  const toParent = (name: string) =>
    spans.find((span) => span.spanId === spans.find((one) => one.name === name)?.parentSpanId)?.name;
  expect(spans.find(({ name }) => name === 'attempt 1')?.spanId).toBe(spanId);
  expect(['compile', 'start', 'run'].map(toParent)).toEqual(['attempt 1', 'attempt 1', 'attempt 1']);
  expect(toParent('attempt 1')).toBe('task neo');
  expect(toParent('task neo')).toMatch(/^run job-/);
  expect(collector.headers[0]).toEqual(['/v1/traces', 'k']);
});

const SPAN = { name: 'run', traceId: 'a'.repeat(32), id: 'b'.repeat(16), attributes: {} };

it.each([
  ['nobody listens', (server: Server) => void server.close()],
  ['nobody answers', () => {}],
])('a stop takes seconds at most, and says what was dropped, where %s', async (_, spoil) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => server.closeAllConnections());
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  spoil(server);
  const warn = vi.fn<Log['warn']>();
  const exporter = createSpanExporter({ ...SERVER, endpoint, headers: {}, log: { ...SILENT_LOG, warn } });
  exporter.export([{ ...SPAN, startedAt: new Date(), endedAt: new Date() }]);
  const startedAt = performance.now();
  await exporter.stop();
  expect(performance.now() - startedAt).toBeLessThan(15_000);
  expect(warn).toHaveBeenCalledExactlyOnceWith('spans were dropped', expect.objectContaining({ spans: 1 }));
});
