import { setTimeout as rest } from 'node:timers/promises';
import { LakeStage } from './deploy/lake-stage.ts';
import type { Usage } from './deploy/measure-command.ts';
import { median } from './measure/median.ts';
import { type Figure, printFigures } from './measure/print-figures.ts';

// What deploying costs with a thousand and with ten thousand jobs: real processes, a real database, SQL from which the edges are
// inferred. Beside it the bare work in the same run: reading the same files with fs and js-yaml, and COPY of the same bytes.
const sizes = [1_000, 10_000] as const;
const rounds = 3;

const reading = 'fs and js-yaml read the same files';
const copying = `${reading}, COPY of the same bytes`;

for (const size of sizes) printFigures(await measure(size));

async function measure(jobs: number): Promise<readonly Figure[]> {
  await using stage = await LakeStage.set(jobs);
  const idleMb = await stage.readServerMemory();
  const bare = await stage.deployBare();
  const first = await stage.optimus('deploy');
  const peakMb = await stage.readServerMemory();

  // A server that is still busy with the lineage of ten thousand new jobs is another matter than one of every day.
  await stage.settle();
  // Files that were just written are read again until two seconds have passed, by a deploy that changes nothing.
  await rest(2_100);
  await stage.optimus('deploy');
  const read: Usage[] = [];
  const same: Usage[] = [];
  const one: Usage[] = [];
  const plan: Usage[] = [];
  const valid: Usage[] = [];
  for (let round = 0; round < rounds; round += 1) {
    read.push(await stage.readBare());
    same.push(await stage.optimus('deploy'));
    await stage.touchJob(round);
    plan.push(await stage.optimus('plan'));
    one.push(await stage.optimus('deploy'));
    valid.push(await stage.optimus('job', 'validate', '--offline'));
  }

  const title = jobs.toLocaleString('en');
  const toFigure = (name: string, ours: readonly Usage[]): Figure => ({
    name: `${title} jobs: ${name}`,
    ours: median(ours.map(({ ms }) => ms)),
    bare: median(read.map(({ ms }) => ms)),
    against: reading,
    unit: 'ms',
  });
  const toMemory = (name: string, ours: number, bareMb: number, against: string): Figure => ({
    name: `${title} jobs: ${name}`,
    ours,
    bare: bareMb,
    against,
    unit: 'MB',
  });
  return [
    { ...toFigure('first deploy', [first]), bare: bare.ms, against: copying },
    toFigure('deploy, nothing changed', same),
    toFigure('deploy, one changed', one),
    toFigure('plan, one changed', plan),
    toFigure('job validate --offline', valid),
    toMemory('client at most, first deploy', first.memoryMb, bare.memoryMb, reading),
    toMemory(
      'client at most, one changed',
      median(one.map(({ memoryMb }) => memoryMb)),
      bare.memoryMb,
      reading,
    ),
    ...(idleMb === undefined || peakMb === undefined
      ? []
      : [toMemory('server at most', peakMb, idleMb, 'the server before')]),
  ];
}
