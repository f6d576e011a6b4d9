import { SILENT_LOG } from '@optimus/domain';
import { createStore, type StoreOptions } from '@optimus/store';
import { createServer } from './scheduler-server.ts';

// A server of its own, for tests that kill it. Told all it needs by one JSON argument; says `ready` on standard output.
interface Arguments {
  readonly connection: StoreOptions['connection'];
  readonly dataDir: string;
  readonly hostId: string;
  readonly serverId: string;
  readonly leaseMs: number;
}

const { connection, leaseMs, ...parts } = JSON.parse(process.argv[2] ?? '{}') as Arguments;
const { signal } = new AbortController();
const store = createStore({ connection, appKey: 'a key of the tests', log: SILENT_LOG, poolSize: 5 });
await store.start(signal);
const server = createServer({ store, ...parts }, { leaseMs, graceMs: 100, maxRunning: 2 });
await server.start(signal);
process.stdout.write('ready\n');
process.on('SIGTERM', () => {
  server
    .stop()
    .then(() => store.stop())
    .catch(() => process.exit(1));
});
