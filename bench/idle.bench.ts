import { LakeStage } from './deploy/lake-stage.ts';
import { printFigures } from './measure/print-figures.ts';
import { measureTreeLoad } from './measure/tree-time.ts';

// What a server costs that has nothing to do: with ten thousand jobs whose time has not come, beside the same server without any.
// Percent of one core, PostgreSQL included.
const JOBS = 10_000;
/** PostgreSQL looks for tables to vacuum once a minute. */
const SETTLE_MS = 90_000;
const MEASURE_MS = 60_000;

await using stage = await LakeStage.set(JOBS);
const bare = await measureTreeLoad(stage.serverPid, MEASURE_MS);
await stage.optimus('deploy');
// What follows a deployment, column lineage and the database's own housekeeping, is not idling.
await stage.settle();
await measureTreeLoad(stage.serverPid, SETTLE_MS);
const ours = await measureTreeLoad(stage.serverPid, MEASURE_MS);
printFigures([
  { name: 'idle with 10,000 jobs', ours, bare, against: 'the server without jobs', unit: '% of a core' },
]);
