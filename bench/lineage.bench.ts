import { execFileSync } from 'node:child_process';
import { setTimeout as rest } from 'node:timers/promises';
import { LakeStage } from './deploy/lake-stage.ts';
import { printFigures } from './measure/print-figures.ts';

// How fast column lineage follows a first deployment: from the end of the deployment until nothing waits any more. Beside it the
// deployment itself, which waits for none of it. `OPTIMUS_BENCH_JOBS=10000` for the size that the other figures are of.
const jobs = Number(process.env['OPTIMUS_BENCH_JOBS'] ?? 500);
const pollMs = 250;

await using stage = await LakeStage.set(jobs);
const deployed = await stage.optimus('deploy');
const startedAt = performance.now();
const atOnce = jobs - (await stage.countWaitingLineage());
let mostMb = 0;
while ((await stage.countWaitingLineage()) > 0) {
  mostMb = Math.max(mostMb, readAnalysisMemory());
  await rest(pollMs);
}
const seconds = (performance.now() - startedAt) / 1000;
const against = 'the deployment itself';
printFigures([
  {
    name: `${jobs.toLocaleString('en')} jobs: lineage`,
    ours: (jobs - atOnce) / seconds,
    bare: jobs / (deployed.ms / 1000),
    against,
    unit: 'jobs/s',
  },
  { name: 'the analysis at most', ours: mostMb, bare: deployed.memoryMb, against, unit: 'MB' },
]);

/** Resident memory of the process that analyses, in MB; 0 while there is none. */
function readAnalysisMemory(): number {
  const processes = execFileSync('ps', ['-e', '-o', 'rss=,args=']).toString().split('\n');
  const analysis = processes.find((line) => line.includes('lineage-analysis.mjs'));
  return analysis === undefined ? 0 : Number.parseInt(analysis, 10) / 1024;
}
