import {
  type ChangeFeed,
  type ClaimedAttempt,
  type CompileRunContext,
  type ComputeWindow,
  type ContextStore,
  type Executor,
  type HistoryStore,
  type HttpClient,
  type JobStore,
  type LeaseStore,
  type Log,
  type LogStore,
  type OtherServers,
  type PluginCatalog,
  type ProbeStore,
  type ProjectStore,
  probeEndpoint,
  probeOtherJob,
  type RunStore,
  type ScheduleStore,
  type ServerIdentity,
  type Service,
} from '@optimus/domain';
import { makeExecutionRequest } from './execution-request.ts';
import { HeldAttempts } from './held-attempts.ts';
import { LogPruner } from './log-pruner.ts';
import { DEFAULT_RETENTION, type RetentionPolicy } from './retention-policy.ts';
import { RunDispatcher } from './run-dispatcher.ts';
import { RunEnder } from './run-ender.ts';
import { RunObserver } from './run-observer.ts';
import { RunPlanner } from './run-planner.ts';
import { RunPruner } from './run-pruner.ts';
import { RunRescuer } from './run-rescuer.ts';
import { UpstreamProber } from './upstream-prober.ts';

/** What the embedded scheduler is made of. */
export interface EmbeddedSchedulerOptions {
  readonly stores: {
    readonly projects: ProjectStore;
    readonly jobs: JobStore;
    readonly schedules: ScheduleStore;
    readonly runs: RunStore;
    readonly history: HistoryStore;
    readonly leases: LeaseStore;
    readonly contexts: ContextStore;
    readonly probes: ProbeStore;
  };
  readonly feed: ChangeFeed;
  readonly plugins: PluginCatalog;
  /** Its reports and its life belong to the scheduler from here on. */
  readonly executor: Executor;
  /** The logs that its attempts leave on this host. */
  readonly logs: LogStore;
  readonly computeWindow: ComputeWindow;
  readonly compileRunContext: CompileRunContext;
  /** By which endpoints are asked that runs wait for. */
  readonly http: HttpClient;
  /** The Optimus servers whose jobs runs may wait for. */
  readonly others: OtherServers;
  readonly server: ServerIdentity;
  /**
   * `host:port` at which the attempt reaches the server, with user-info when it needs a credential: a secret then. Asked at each
   * start.
   */
  readonly optimusHost: (attempt: ClaimedAttempt) => string;
  /** The time by the database. */
  readonly now: () => Date | Promise<Date>;
  /** Attempts that this server runs at once. */
  readonly maxRunning: number;
  readonly log: Log;
  /** How long this server's claims and lead outlive it; default 6,000. */
  readonly leaseMs?: number;
  /** How long others leave an expired claim alone; default 2,000. */
  readonly graceMs?: number;
  /** How long history stays; what is absent stays as long as by default. */
  readonly retention?: Partial<RetentionPolicy>;
  /** How long a stop waits for starts that are under way; default 5,000. */
  readonly stopGraceMs?: number;
  /** How long others leave a probe alone that this server tries; default 45,000. */
  readonly probeLeaseMs?: number;
}

/** The services that plan, start and see through runs. Starting resolves when what earlier servers left is taken up. */
export function createEmbeddedScheduler(options: EmbeddedSchedulerOptions): Service {
  const { executor } = options;
  const services = createServices(options);
  return {
    name: 'embedded-scheduler',
    async start(signal) {
      executor.warmUp?.();
      for (const service of services) await service.start(signal);
    },
    async stop() {
      for (const service of services.toReversed()) await service.stop();
      await executor.stop();
    },
  };
}

/** In start order: the rescuer tells the executor what is this server's before anything new is started. */
function createServices(options: EmbeddedSchedulerOptions): readonly Service[] {
  const { stores, feed, executor, plugins, computeWindow, compileRunContext, server, maxRunning, log } =
    options;
  const { leaseMs = 6000, graceMs = 2000 } = options;
  const context = { ...stores, plugins, computeWindow, compileRunContext };
  const requests = { context, runs: stores.runs, optimusHost: options.optimusHost, log };
  const held = new HeldAttempts();
  const observer = new RunObserver({ ...stores, held, log: log.child({ service: 'run-observer' }) });
  executor.onReport((report) => observer.record(report));
  const shared = {
    ...stores,
    feed,
    executor,
    held,
    server,
    leaseMs,
    record: observer.record.bind(observer),
  };
  return [
    observer,
    new RunRescuer({ ...shared, graceMs, now: options.now, log: log.child({ service: 'run-rescuer' }) }),
    new RunEnder({ ...shared, log: log.child({ service: 'run-ender' }) }),
    new RunPlanner({
      ...shared,
      computeWindow,
      asksOthers: options.others.names.length > 0,
      hostId: server.hostId,
      log: log.child({ service: 'run-planner' }),
    }),
    new UpstreamProber({
      ...shared,
      probe: (probe, signal) =>
        probe.kind === 'http'
          ? probeEndpoint({ ...context, http: options.http }, probe, signal)
          : probeOtherJob({ ...context, others: options.others }, probe, signal),
      ...(options.probeLeaseMs !== undefined && { probeLeaseMs: options.probeLeaseMs }),
      log: log.child({ service: 'upstream-prober' }),
    }),
    new RunDispatcher({
      ...shared,
      makeRequest: (attempt) => makeExecutionRequest(requests, attempt),
      maxRunning,
      ...(options.stopGraceMs !== undefined && { stopGraceMs: options.stopGraceMs }),
      log: log.child({ service: 'run-dispatcher' }),
    }),
    ...createPruners(options),
  ];
}

/** Last: nothing waits for them. */
function createPruners({
  stores,
  logs,
  server,
  retention,
  log,
}: EmbeddedSchedulerOptions): readonly Service[] {
  const shared = { ...stores, logs, hostId: server.hostId, policy: { ...DEFAULT_RETENTION, ...retention } };
  return [
    new RunPruner({ ...shared, log: log.child({ service: 'run-pruner' }) }),
    new LogPruner({ ...shared, log: log.child({ service: 'log-pruner' }) }),
  ];
}
