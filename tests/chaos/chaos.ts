import { parseArgs } from 'node:util';
import { toFaultName } from './plan/fault.ts';
import { toReport } from './report/chaos-table.ts';
import type { SeedResult } from './seed/run-seed.ts';
import { type ChaosOptions, runSeeds } from './seed/run-seeds.ts';

// npm run chaos -- --seed 1 --seeds 100: real servers on a real database, and everything that may go wrong. Exit status 1 when an
// invariant is broken. See DESIGN.md.

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '4' },
    lanes: { type: 'string', default: '1' },
    keep: { type: 'boolean', default: false },
  },
});

const options: ChaosOptions = {
  seed: Number(values.seed),
  seeds: Number(values.seeds),
  rounds: Number(values.rounds),
  lanes: Number(values.lanes),
  keep: values.keep,
};

/** Of one broken seed so much is told: a run that does not end takes all that wait for it with it. */
const MOST_TOLD = 12;

function tell({ plan, faults, runs, violations, folder }: SeedResult): void {
  const names = faults.map(
    ({ fault, outcome }) => toFaultName(fault) + (outcome.missed ? ` (${outcome.missed})` : ''),
  );
  const mark = violations.length === 0 ? '✓' : '✗';
  process.stdout.write(
    `${mark} seed ${plan.seed}, ${plan.servers} servers, ${runs} runs: ${names.join('; ')}\n`,
  );
  if (violations.length === 0) return;
  for (const { damage, invariant, evidence } of violations.slice(0, MOST_TOLD)) {
    process.stdout.write(`    ${damage}: ${invariant}: ${evidence}\n`);
  }
  process.stdout.write(
    `    the plan: ${JSON.stringify(plan)}\n    again: npm run chaos -- --seed ${plan.seed} --rounds ${plan.rounds.length} --keep\n`,
  );
  if (options.keep && folder !== undefined) process.stdout.write(`    kept: ${folder}\n`);
}

const results: SeedResult[] = [];

/** The table of the seeds that have ended, and the exit status. */
function conclude(): void {
  process.stdout.write(`\n${toReport(results)}\n`);
  process.exitCode = results.some(({ violations }) => violations.length > 0) ? 1 : 0;
}

// Who has waited long enough sees what there is.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    conclude();
    process.exit(130);
  });
}

await runSeeds(options, (result) => {
  results.push(result);
  tell(result);
});
conclude();
