import { randomUUID } from 'node:crypto';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  type Api,
  type ApiDeps,
  type ApiOptions,
  createApi,
  createAuthenticator,
  OPEN_ACCESS,
} from '@optimus/api';
import { compileRunContext, computeWindow, findMissingValues, findTemplateProblems } from '@optimus/compiler';
import { createInferResources, type Log, type OptimusError, present, RunCredentials } from '@optimus/domain';
import { createProcessLogStore } from '@optimus/executors';
import { createPluginHost, type PluginHostOptions } from '@optimus/plugin-host';
import { findUnknownReads } from '@optimus/resolver';
import {
  createEmbeddedScheduler,
  createHttpClient,
  createOtherServers,
  type RetentionPolicy,
} from '@optimus/scheduler';
import { createStore, type Store, type StoreOptions } from '@optimus/store';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { ServerConfig } from './config/server-config.ts';
import { type DataDir, openDataDir } from './data-dir/data-dir.ts';
import { writeServerFile } from './data-dir/server-file.ts';
import { createExecutor, type ExecutorPlace, toTaskAddress } from './lifecycle/create-executor.ts';
import { createLineageExtractor } from './lifecycle/create-lineage-extractor.ts';
import { type HostAndPort, toLocalAddress } from './lifecycle/local-address.ts';
import { openDatabase } from './lifecycle/open-database.ts';
import type { ServiceStack } from './lifecycle/service-stack.ts';
import { settleBoth } from './lifecycle/settle-both.ts';
import { observeScheduler } from './metrics/observe-scheduler.ts';
import { createSchedulerMetrics } from './metrics/scheduler-metrics.ts';
import { createStatementMetrics, createStoreMetrics } from './metrics/store-metrics.ts';
import { parseResources } from './parse-resources.ts';
import { TraceIds } from './tracing/trace-ids.ts';
import { traceRuns } from './tracing/trace-runs.ts';

/** What composing needs besides the configuration. */
export interface CompositionContext {
  readonly log: Log;
  readonly version: string;
  /** Takes every part as it starts. */
  readonly stack: ServiceStack;
  /** Aborts the start. */
  readonly signal: AbortSignal;
}

/** A composed server, serving. */
export interface Composition {
  readonly address: HostAndPort;
  /** Resolves when a part that the server cannot do without has ended by itself. */
  readonly broken: Promise<OptimusError>;
}

/** What of the core looks at templates and windows. */
const COMPILER = { computeWindow, compileRunContext, findTemplateProblems, findMissingValues };

/** Starts what the server consists of, in this order. Whatever has started when it throws is on the stack. */
export async function composeServer(config: ServerConfig, context: CompositionContext): Promise<Composition> {
  const { log, stack } = context;
  const { executor } = config;

  const dataDir = await openDataDir(config.serve.dataDir);
  stack.hold('data directory', () => dataDir.release());

  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });

  // Neither needs the other, and plugins take longer to start than the database: side by side they take no longer than one.
  const [plugins, { store, identity, credentials, died }] = await settleBoth(
    stack.start(createPluginHost(toPluginHostOptions(config, dataDir, log))),
    startStore(config, dataDir, { ...context, onStatement: createStatementMetrics(metrics) }),
  );

  // A folder a database: attempts are numbered from 1 in each, and a directory may be used with another one later.
  const runsDir = join(dataDir.path, 'runs', identity);
  const logs = createProcessLogStore({ dataDir: runsDir });
  const compilation = { ...COMPILER, now: () => store.readNow() };
  const inferResources = createInferResources({ ...store, plugins, ...compilation, findUnknownReads });
  const upstreams = createUpstreams(config);
  const { hostId } = dataDir;
  const deps: ApiDeps = { inferResources, ...store, plugins, logs, hostId, ...upstreams, ...compilation };

  // Before the scheduler: a task asks for its context as soon as it runs, and is told the port that was chosen here.
  const auth = createAuthenticator({ tokens: config.serve.auth.tokens, credentials, runs: store.runs });
  const api = await stack.start(createServerApi(config, { deps, auth, metrics }, context));
  const address = toLocalAddress(present(api.address(), 'the address of a started API'));
  const host = toTaskAddress(executor, `${address.host}:${address.port}`);

  const place = { runsDir, identity, hostId, programs: findOwnFolder(), log };
  const ports = await observePorts(config, context, { store, metrics, place });
  await stack.start(
    createEmbeddedScheduler({
      stores: { ...store, ...ports },
      feed: store.changes,
      plugins,
      logs,
      retention: toRetention(config.retention),
      executor: ports.executor,
      ...compilation,
      ...upstreams,
      server: { hostId, serverId: randomUUID() },
      optimusHost: ({ attemptId }) =>
        auth === OPEN_ACCESS ? host : `${credentials.issue(attemptId)}@${host}`,
      maxRunning: executor[executor.type].maxRunning,
      log,
    }),
  );

  await stack.start(createLineageExtractor({ store, plugins, ...compilation }, place));
  const file = await writeServerFile(dataDir.path, address);
  stack.hold('server file', () => file.remove());
  return { address, broken: died };
}

/** The ports of the scheduler, with metrics and, when configured, traces of what passes through them. */
async function observePorts(
  { executor, telemetry }: ServerConfig,
  { stack, version }: CompositionContext,
  {
    store,
    metrics,
    place,
  }: { readonly store: Store; readonly metrics: Registry; readonly place: ExecutorPlace },
) {
  createStoreMetrics(metrics, store, place);
  const measured = createSchedulerMetrics(metrics, executor[executor.type].maxRunning);
  const ports = observeScheduler({ ...store, executor: createExecutor(executor, place) }, measured);
  const { otlpEndpoint: endpoint, otlpHeaders } = telemetry;
  if (endpoint === undefined) return ports;
  // What it imports takes time to load, and most servers send no traces.
  const { createSpanExporter } = await import('./tracing/span-exporter.ts');
  const { identity, hostId, log } = place;
  const exporter = createSpanExporter({ endpoint, headers: otlpHeaders, version, hostId, log });
  stack.hold('traces', () => exporter.stop());
  const ids = new TraceIds(identity);
  return {
    ...ports,
    ...traceRuns({ ...store, ...ports, ids, export: (spans) => exporter.export(spans), log }),
  };
}

/** What runs wait for beyond the jobs of this server. */
function createUpstreams({ resourceManagers }: ServerConfig) {
  const http = createHttpClient();
  return { http, others: createOtherServers(resourceManagers, http) };
}

async function startStore(
  config: ServerConfig,
  dataDir: DataDir,
  { log, stack, signal, onStatement }: CompositionContext & Pick<StoreOptions, 'onStatement'>,
) {
  const database = await openDatabase(config, { dataDir, log, signal });
  stack.hold('database', () => database.stop());

  const { connection, appKey, died } = database;
  const { previousAppKeys } = config.serve;
  const store = await stack.start(
    createStore({
      connection,
      appKey,
      previousAppKeys,
      log,
      runChangesKeptMs: toKeptMs(config.retention),
      ...(onStatement && { onStatement }),
    }),
  );
  const identity = await store.readIdentity();
  const credentials = new RunCredentials({ appKey, previousAppKeys, database: identity });
  return { store, identity, credentials, died };
}

function toPluginHostOptions({ plugin }: ServerConfig, dataDir: DataDir, log: Log): PluginHostOptions {
  const { ignoreCurrentDirectory: ignoreCwd, ...options } = plugin;
  const places = { ignoreCwd, cwd: process.cwd(), execDir: findOwnFolder(), home: homedir() };
  return { ...options, ...places, answersDir: join(dataDir.path, 'plugin-answers'), parseResources, log };
}

const DAY_MS = 86_400_000;

/** A margin of a half: what an event tells began before the event was written. */
function toKeptMs({ runsMs, eventsMs }: ServerConfig['retention']): number {
  return Math.min(DAY_MS, ...[runsMs, eventsMs].filter((ms) => ms > 0).map((ms) => ms / 2));
}

/** What is kept for ever has no time in the scheduler's policy. */
function toRetention({ keepRuns, ...times }: ServerConfig['retention']): Partial<RetentionPolicy> {
  const toMs = (ms: number): number | undefined => (ms === 0 ? undefined : ms);
  const { runsMs, eventsMs, logsMs } = times;
  return { keepRuns, runsMs: toMs(runsMs), eventsMs: toMs(eventsMs), logsMs: toMs(logsMs) };
}

function findOwnFolder(): string {
  return dirname(process.argv[1] ?? process.execPath);
}

function createServerApi(
  { serve }: ServerConfig,
  parts: Pick<ApiOptions, 'deps' | 'auth' | 'metrics'>,
  { log, version }: CompositionContext,
): Api {
  return createApi({ ...parts, log, version, host: serve.host, port: serve.port });
}
