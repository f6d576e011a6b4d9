import { type ApiDeps, createApi, OPEN_ACCESS } from '@optimus/api';
import { SILENT_LOG } from '@optimus/domain';
import type { Store } from '@optimus/store';
import { Registry } from 'prom-client';
import { createSchedulerMetrics } from '../metrics/scheduler-metrics.ts';
import { createStatementMetrics, createStoreMetrics } from '../metrics/store-metrics.ts';

/** `name type` of every metric that a server registers, but for those of its process. */
export async function createComposedRegistry(store: Store): Promise<readonly string[]> {
  const registry = new Registry();
  createStatementMetrics(registry);
  createStoreMetrics(registry, store, { hostId: 'host', log: SILENT_LOG });
  createSchedulerMetrics(registry, 1);
  const deps = { ...store } as unknown as ApiDeps;
  createApi({
    deps,
    auth: OPEN_ACCESS,
    log: SILENT_LOG,
    version: '',
    host: '127.0.0.1',
    port: 0,
    metrics: registry,
  });
  return (await registry.getMetricsAsJSON()).map(({ name, type }) => `${name} ${String(type)}`);
}
