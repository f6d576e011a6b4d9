import { compileRunContext, computeWindow } from '@optimus/compiler';
import { type Executor, type Service, SILENT_LOG } from '@optimus/domain';
import { createInMemoryPlugins, makePluginInfo } from '@optimus/domain/testing';
import { createProcessExecutor, createProcessLogStore } from '@optimus/executors';
import type { Store } from '@optimus/store';
import { createEmbeddedScheduler, type EmbeddedSchedulerOptions } from '../embedded/embedded-scheduler.ts';
import { createHttpClient } from '../upstreams/http-client.ts';
import { createOtherServers } from '../upstreams/other-servers.ts';

/** Runs the shell script in the job's configuration. */
export const IMAGES = { 'example/shell': ['/bin/sh', '-c', 'eval "$SCRIPT"'] };
const shell = { image: 'example/shell:1.0' };
const hook = { ...shell, kind: 'hook' } as const;
/** One task plugin and hooks of every kind, whose image is a shell. */
export const plugins = createInMemoryPlugins([
  makePluginInfo(shell),
  makePluginInfo({ ...hook, name: 'check', hookType: 'pre' }),
  makePluginInfo({ ...hook, name: 'probe', hookType: 'pre' }),
  makePluginInfo({ ...hook, name: 'audit', hookType: 'post' }),
  makePluginInfo({ ...hook, name: 'publish', hookType: 'post', dependsOn: ['audit'] }),
  makePluginInfo({ ...hook, name: 'alarm', hookType: 'fail' }),
]);

/** What differs between the servers of a test. */
export interface ServerParts {
  readonly store: Store;
  readonly dataDir: string;
  readonly hostId: string;
  readonly serverId: string;
  readonly executor?: Executor;
}

/** A scheduler over the process executor, as a server has it. */
export function createServer(
  { store, dataDir, hostId, serverId, executor }: ServerParts,
  overrides: Partial<EmbeddedSchedulerOptions> = {},
): Service {
  return createEmbeddedScheduler({
    stores: store,
    feed: store.changes,
    plugins,
    executor: executor ?? createProcessExecutor({ dataDir, images: IMAGES, log: SILENT_LOG }),
    logs: createProcessLogStore({ dataDir }),
    computeWindow,
    compileRunContext,
    http: createHttpClient(),
    others: createOtherServers([], createHttpClient()),
    server: { hostId, serverId },
    now: () => store.readNow(),
    optimusHost: () => '127.0.0.1:9100',
    maxRunning: 4,
    log: SILENT_LOG,
    ...overrides,
  });
}
