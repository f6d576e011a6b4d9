import { flushCompileCache } from 'node:module';
import { SILENT_LOG } from '@optimus/domain';
import { createStore } from '@optimus/store';
import { createExtractor } from './extractor-rig.ts';

// An extractor in a process of its own, to be killed: `node extractor-process.ts '<connection>'`.
// Killed, it would leave nothing in the cache for the next one.
flushCompileCache();

const store = createStore({
  connection: JSON.parse(process.argv[2] ?? ''),
  appKey: 'a key of the tests',
  log: SILENT_LOG,
});
const { signal } = new AbortController();
await store.start(signal);
await createExtractor(store).start();
