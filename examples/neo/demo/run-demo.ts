import type { ChildProcesses } from './child-processes.ts';
import type { DemoHome } from './demo-home.ts';
import type { DemoOptions } from './demo-options.ts';
import { recordKept } from './kept-demo.ts';
import { apiKey, neoJob } from './neo-job.ts';
import { createOptimusCli } from './optimus-cli.ts';
import { awaitRuns } from './steps/await-runs.ts';
import { createJob } from './steps/create-job.ts';
import { prepareHome } from './steps/prepare-home.ts';
import { showResults, showWhereNext } from './steps/show-results.ts';
import { startFeed } from './steps/start-feed.ts';
import { startServer } from './steps/start-server.ts';
import type { Terminal } from './terminal.ts';

/** What the demo is made of. */
export interface DemoDeps {
  readonly children: ChildProcesses;
  readonly terminal: Terminal;
  readonly home: DemoHome;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * The whole week, from an empty server to the last log line.
 * @throws DemoFailure when a step fails, an AbortError when the signal aborts
 */
export async function runDemo(deps: DemoDeps, options: DemoOptions, signal: AbortSignal): Promise<void> {
  const { terminal, home } = deps;
  terminal.title('A week of near-Earth objects, on this machine');
  const host = await terminal.step('Starting the server and the feed', () => startAll(deps, signal));
  terminal.line(`  gRPC, REST and metrics are on ${host}`);

  const optimus = createOptimusCli({ ...deps, cwd: home.repository });
  await createJob(optimus, host);

  terminal.line();
  const address = { host, project: neoJob.project, job: neoJob.name };
  const runs = await terminal.step('Running seven days', (note) => awaitRuns(address, { signal, note }));
  await showResults({ optimus, terminal }, { address, runs }, signal);
  showWhereNext(terminal, home, options);
  if (options.keep) await leaveUp(deps, host);
}

async function startAll({ children, home, env }: DemoDeps, signal: AbortSignal): Promise<string> {
  await prepareHome(home);
  const feedUrl = await startFeed(children, apiKey, signal);
  return startServer({ home, children, env, feedUrl }, signal);
}

async function leaveUp({ children, terminal, home }: DemoDeps, host: string): Promise<void> {
  await recordKept(home, { host, pids: children.leave() });
  terminal.title(`The server stays up on ${host}`);
  terminal.line('  Stop it with: npm run demo -- --stop');
}
