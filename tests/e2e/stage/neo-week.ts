import { type JobAddress, listRuns, type RunSummary, readLog } from '../../../examples/neo/demo/runs-api.ts';
import type { Stage } from './stage.ts';
import { waitUntil } from './wait-until.ts';

/** The seven ticks of the job, as the server writes them. */
export const ticks = [19, 20, 21, 22, 23, 24, 25].map((day) => `2022-09-${day}T02:00:00Z`);
/** The days that the runs of these ticks cover. */
export const days = [18, 19, 20, 21, 22, 23, 24].map((day) => `2022-09-${day}`);

export const jobName = 'is_last_day_on_earth';

/** Which job of the stage's server is meant. */
function toAddress(stage: Stage): JobAddress {
  return { host: `127.0.0.1:${stage.port}`, project: 'space', job: jobName };
}

/** Runs a command of the CLI that must succeed; answers its standard output. */
export async function mustRun(stage: Stage, args: readonly string[], input?: string): Promise<string> {
  const { code, stdout, stderr } = await stage.optimus(args, input === undefined ? {} : { input });
  if (code !== 0) throw new Error(`optimus ${args.join(' ')} ended with ${code}:\n${stdout}${stderr}`);
  return stdout;
}

/** Makes the client's project, the secret and the job of a week, as a user would, without deploying. */
export async function prepareWeek(stage: Stage, apiKey: string): Promise<void> {
  const host = `127.0.0.1:${stage.port}`;
  await mustRun(stage, ['init', '--host', host, '--project-name', 'space', '--namespace', 'observatory']);
  await mustRun(stage, ['project', 'register', '--with-namespaces']);
  // By standard input: a value in the arguments would show in the process list.
  await mustRun(stage, ['secret', 'set', 'neo_api_key', '-'], JSON.stringify(apiKey));
  await mustRun(stage, toCreateCommand());
}

/** The runs of the week, oldest first. */
export function readRuns(stage: Stage): Promise<readonly RunSummary[]> {
  return listRuns(toAddress(stage), AbortSignal.timeout(60_000));
}

/** Waits until so many runs of the week are in a state; fails with the state of each when that does not happen. */
export async function awaitState(stage: Stage, state: string, count: number): Promise<void> {
  let runs: readonly RunSummary[] = [];
  const isReached = async () => {
    runs = await readRuns(stage);
    return runs.filter((run) => run.state === state).length >= count;
  };
  await waitUntil(`${count} runs are in state ${state}`, isReached).catch((cause: unknown) => {
    const states = runs.map((run) => `${run.scheduledAt} ${run.state} ${run.message}`);
    throw new Error(`not ${count} runs are in state ${state}:\n${states.join('\n')}`, { cause });
  });
}

/** The logs of the runs of the week, oldest first. */
export function readLogs(stage: Stage): Promise<readonly string[]> {
  return Promise.all(ticks.map((tick) => readLog(toAddress(stage), tick, AbortSignal.timeout(60_000))));
}

function toCreateCommand(): readonly string[] {
  const flags = ['--dir', jobName, '--name', jobName, '--owner', 'kush.sharma@example.io', '--task', 'neo'];
  const dates = ['--start-date', '2022-09-18', '--end-date', '2022-09-25', '--interval', '0 2 * * *'];
  const answers = ['--answer', 'Start={{.DSTART}}', '--answer', 'End={{.DEND}}'];
  return ['job', 'create', ...flags, ...dates, '--window', 'daily', '--catch-up', ...answers];
}
