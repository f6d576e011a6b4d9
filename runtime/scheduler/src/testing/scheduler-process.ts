import { flushCompileCache } from 'node:module';
import { type Executor, type RunStore, type ScheduleStore, SILENT_LOG } from '@optimus/domain';
import { createProcessExecutor } from '@optimus/executors';
import { createStore, type StoreOptions } from '@optimus/store';
import { createServer, IMAGES } from './scheduler-server.ts';

// A server of its own, for tests that kill it. Told all it needs by one JSON argument; says `ready` on standard output.

/** A step of a run's life, before or after which the server ends as by `kill -9`. */
export interface DeathPoint {
  readonly when: 'before' | 'after';
  readonly step: 'advance' | 'claim' | 'start' | 'markRunning' | 'finish';
}

/** The argument of the program. */
export interface SchedulerProcessArguments {
  readonly connection: StoreOptions['connection'];
  readonly dataDir: string;
  readonly hostId: string;
  readonly serverId: string;
  readonly leaseMs: number;
  readonly dieAt?: DeathPoint;
}

/** The same object, but for its death at the named step. A claim that found nothing is no step. */
function mortal<T extends RunStore | ScheduleStore | Executor>(target: T, dieAt: DeathPoint | undefined): T {
  return new Proxy(target, {
    get(_, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== 'function') return value;
      if (key !== dieAt?.step) return value.bind(target);
      return async (...args: unknown[]) => {
        if (dieAt.when === 'before') process.kill(process.pid, 'SIGKILL');
        const answer: unknown = await value.apply(target, args);
        if (!isEmptyClaim(answer)) process.kill(process.pid, 'SIGKILL');
        return answer;
      };
    },
  });
}

function isEmptyClaim(answer: unknown): boolean {
  return (
    typeof answer === 'object' &&
    answer !== null &&
    'attempts' in answer &&
    Array.isArray(answer.attempts) &&
    answer.attempts.length === 0
  );
}

// A process that is killed would leave nothing in the cache for the next one.
flushCompileCache();

const argument = JSON.parse(process.argv[2] ?? '{}') as SchedulerProcessArguments;
const { connection, leaseMs, dieAt, ...parts } = argument;
const { signal } = new AbortController();
const store = createStore({ connection, appKey: 'a key of the tests', log: SILENT_LOG, poolSize: 5 });
await store.start(signal);
const executor = createProcessExecutor({ dataDir: parts.dataDir, images: IMAGES, log: SILENT_LOG });
const stores = { ...store, runs: mortal(store.runs, dieAt), schedules: mortal(store.schedules, dieAt) };
const server = createServer(
  { ...parts, store: stores, executor: mortal(executor, dieAt) },
  { leaseMs, graceMs: 100, maxRunning: 2 },
);
await server.start(signal);
process.stdout.write('ready\n');
process.on('SIGTERM', () => {
  server
    .stop()
    .then(() => store.stop())
    .catch(() => process.exit(1));
});
