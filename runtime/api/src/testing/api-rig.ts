import type { RemovedRuns, RunDetail, RunStore } from '@optimus/domain';
import { NO_RESOURCES, SILENT_LOG } from '@optimus/domain';
import {
  computeDayWindow,
  createInMemoryContexts,
  createInMemoryIndex,
  createInMemoryJobs,
  createInMemoryLineages,
  createInMemoryNamespaces,
  createInMemoryPlugins,
  createInMemoryProjects,
  createInMemorySecrets,
  makePluginInfo,
} from '@optimus/domain/testing';
import { Registry } from 'prom-client';
import { onTestFinished } from 'vitest';
import { type Api, type ApiOptions, createApi } from '../api.ts';
import type { ApiDeps } from '../api-deps.ts';
import { WrittenRunChanges } from './written-run-changes.ts';

/** A started API on a free port, stopped when the test ends. */
export interface ApiRig {
  readonly api: Api;
  readonly port: number;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
}

/** Ports in memory: enough for tests of what lies between a socket and a use case. */
export function makeMemoryDeps(overrides: Partial<ApiDeps> = {}): ApiDeps {
  const projects = createInMemoryProjects();
  const jobs = createInMemoryJobs();
  const now = () => new Date('2022-09-20T00:00:00Z');
  const stores = {
    projects,
    namespaces: createInMemoryNamespaces(projects),
    jobs,
    index: createInMemoryIndex(jobs),
    lineages: createInMemoryLineages(jobs),
    secrets: createInMemorySecrets(),
    runs: makeRunList([]),
    runChanges: new WrittenRunChanges(),
    facts: { readAtOnce: () => Promise.reject(new Error('no facts here')) },
    ...overrides,
  };
  return {
    contexts: createInMemoryContexts(stores, now),
    plugins: createInMemoryPlugins([makePluginInfo()]),
    others: { names: [], findWriter: async () => undefined },
    hostId: 'host',
    logs: { read: noLogs, readTail: noLogs, waitForMore: async () => {} },
    changes: { subscribe: () => () => {} },
    computeWindow: computeDayWindow,
    findTemplateProblems: () => [],
    findMissingValues: () => [],
    inferResources: async () => ({ ...NO_RESOURCES, problems: [] }),
    compileRunContext: ({ window, instance }) => ({
      envs: { DSTART: window.start.toISOString(), INSTANCE: instance.name },
      files: { 'query.sql': 'SELECT 1' },
      secrets: { API_KEY: 'hidden' },
      warnings: [],
    }),
    now,
    ...stores,
  };
}

const noLogs = () => Promise.reject(new Error('no logs here'));

/** Starts an API with the options, everything else in memory and at hand. */
export async function startApi(options: Partial<ApiOptions> = {}): Promise<ApiRig> {
  const api = createApi({
    deps: makeMemoryDeps(),
    log: SILENT_LOG,
    version: '1.2.3',
    host: '127.0.0.1',
    port: 0,
    metrics: new Registry(),
    stopGraceMs: 1_000,
    ...options,
  });
  await api.start(new AbortController().signal);
  onTestFinished(() => api.stop());
  const port = api.address()?.port ?? 0;
  return { api, port, url: `http://127.0.0.1:${port}` };
}

/** Runs that exist already, read-only. */
export function makeRunList(runs: readonly RunDetail[], removed?: RemovedRuns): RunStore {
  const find: RunStore['findDetail'] = async ({ scheduledAt }) =>
    runs.find((run) => run.scheduledAt.getTime() === scheduledAt.getTime());
  const list: RunStore['list'] = async ({ limit, before, since, until, states }) =>
    runs
      .filter(
        ({ scheduledAt, state }) =>
          (before === undefined || scheduledAt < before) &&
          (since === undefined || scheduledAt >= since) &&
          (until === undefined || scheduledAt < until) &&
          (states === undefined || states.includes(state)),
      )
      .sort((a, b) => b.scheduledAt.getTime() - a.scheduledAt.getTime())
      .slice(0, limit);
  const findLast: RunStore['findLast'] = async (key) => (await list({ ...key, limit: 1 }))[0];
  const findRemoved: RunStore['findRemoved'] = async () => removed;
  return { find, findDetail: find, findLast, findRemoved, list } as unknown as RunStore;
}
