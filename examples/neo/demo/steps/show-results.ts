import path from 'node:path';
import { readRecording } from '../../feed/feed-recording.ts';
import { DemoFailure } from '../demo-failure.ts';
import type { DemoHome } from '../demo-home.ts';
import type { DemoOptions } from '../demo-options.ts';
import { neoJob } from '../neo-job.ts';
import { type NeoCounts, parseNeoLog, sumCounts } from '../neo-log.ts';
import type { OptimusCli } from '../optimus-cli.ts';
import { countRecorded } from '../recorded-counts.ts';
import { type JobAddress, type RunSummary, readLog } from '../runs-api.ts';
import type { Terminal } from '../terminal.ts';

/**
 * Shows the runs, one log in full and the totals.
 * @throws DemoFailure when the logs do not add up to what was recorded
 */
export async function showResults(
  { optimus, terminal }: { readonly optimus: OptimusCli; readonly terminal: Terminal },
  { address, runs }: { readonly address: JobAddress; readonly runs: readonly RunSummary[] },
  signal: AbortSignal,
): Promise<void> {
  await optimus.run(['job', 'runs', neoJob.name]);
  await optimus.run(['job', 'logs', neoJob.name, '--scheduled-at', runs[0]?.scheduledAt ?? '']);
  const { tracked, hazardous } = await countLogs(address, runs, signal);
  terminal.title(`${tracked} objects tracked, ${hazardous} of them hazardous`);
  terminal.line(
    `Counted from the logs of ${runs.length} runs, each day once; the recorded feed says the same.`,
  );
}

/** Where things are and what to do with them. */
export function showWhereNext(terminal: Terminal, home: DemoHome, { keep }: Pick<DemoOptions, 'keep'>): void {
  terminal.title('Where things are');
  for (const [what, file] of Object.entries(toPlaces(home))) {
    terminal.line(`  ${what.padEnd(30)}${path.relative(process.cwd(), file)}`);
  }
  terminal.title('What to try next');
  if (keep) {
    terminal.line(
      `  ${`cd ${path.relative(process.cwd(), home.repository)}`.padEnd(30)}where jobs lie and \`npx optimus\` finds its server`,
    );
  } else {
    terminal.line('  npm run demo -- --keep        leaves the server up');
  }
  terminal.line('  README.md                     a tour of what to do with it, in five minutes');
}

function toPlaces({ repository, dataDir, serverLog }: DemoHome): Readonly<Record<string, string>> {
  return {
    'the project, as kept in git': repository,
    "the server's data": dataDir,
    "the server's log": serverLog,
  };
}

async function countLogs(
  address: JobAddress,
  runs: readonly RunSummary[],
  signal: AbortSignal,
): Promise<NeoCounts> {
  const logs = await Promise.all(runs.map(({ scheduledAt }) => readLog(address, scheduledAt, signal)));
  const counted = sumCounts(logs.map(parseNeoLog));
  const recorded = countRecorded(await readRecording(), { start: neoJob.startDate, end: neoJob.endDate });
  if (counted.tracked === recorded.tracked && counted.hazardous === recorded.hazardous) return counted;
  throw new DemoFailure(`the logs say ${JSON.stringify(counted)}, the recording ${JSON.stringify(recorded)}`);
}
