import { type JobSpec, type PluginCatalog, parseCron, parseJobName } from '@optimus/domain';
import { parseDurationMs } from '@optimus/spec';
import type { Invocation } from '../../../command-line/command-spec.ts';
import { isCalendarDay } from '../../../command-line/flags.ts';
import { createUsageError } from '../../../command-line/usage-error.ts';
import { getPluginNames } from '../../../plugins/get-plugin-names.ts';
import { findParseProblem } from '../../../prompt/find-parse-problem.ts';
import { Prompter } from '../../../prompt/prompter.ts';
import { askPlugin } from './ask-plugin.ts';
import { toWindow, WINDOW_NAMES } from './windows.ts';

/** What a new job is asked with. */
export interface JobContext {
  readonly invocation: Invocation;
  readonly plugins: PluginCatalog;
  /** Offered as the job's name. */
  readonly suggestedName: string;
  /** Names of the jobs that exist here, with their files. */
  readonly taken: ReadonlyMap<string, string>;
}

/** Asks for everything in `job.yaml`, in the fixed order; flags answer their questions. */
export async function askJob({ invocation, plugins, suggestedName, taken }: JobContext): Promise<JobSpec> {
  const { flags, terminal } = invocation;
  const prompter = new Prompter(terminal);
  const ask = (question: Parameters<Prompter['text']>[0]) =>
    prompter.text(question, flags.text(question.flag));
  const name = await ask({
    ...NAME,
    initial: suggestedName,
    findProblem: (it) => findNameProblem(it, taken),
  });
  const owner = await ask(OWNER);
  const tasks = await getPluginNames(plugins, 'task');
  const task = await prompter.choice({ ...TASK, choices: tasks }, flags.text('task'));
  const startDate = await ask({ ...START_DATE, initial: yesterday(terminal.now()) });
  const interval = await ask(INTERVAL);
  const window = await prompter.choice(WINDOW, flags.text('window'));
  const answers = flags.texts('answer');
  const plugin = { kind: 'task', name: task } as const;
  const { config, assets } = await askPlugin({ plugins, prompter, plugin, jobName: name, answers });
  return {
    version: 1,
    name: parseJobName(name),
    owner,
    description: '',
    labels: { orchestrator: 'optimus' },
    schedule: { startDate, interval, ...readEndDate(invocation) },
    behavior: readBehavior(invocation),
    task: { name: task, config, window: toWindow(window) },
    hooks: [],
    dependencies: [],
    metadata: {},
    assets: Object.fromEntries(assets.map((asset) => [asset.name, asset.value])),
  };
}

const NAME = {
  flag: 'name',
  valueHint: '<name>',
  message: 'What is the job name?',
  help: 'It should be unique across whole optimus project',
};

const OWNER = {
  flag: 'owner',
  valueHint: '<owner>',
  message: 'Who is the owner of this job?',
  help: 'Email or username',
  findProblem: (owner: string) => (owner.trim() === '' ? 'a job has an owner' : undefined),
};

const TASK = { flag: 'task', valueHint: '<plugin>', message: 'Select task to run?' };

const START_DATE = {
  flag: 'start-date',
  valueHint: '<date>',
  message: 'Specify the schedule start date',
  help: 'Format: (YYYY-MM-DD)',
  findProblem: findDateProblem,
};

const INTERVAL = {
  flag: 'interval',
  valueHint: '<cron>',
  message: 'Specify the schedule interval (in crontab notation)',
  help: 'a job without an interval runs by hand only: remove the field from its file for that',
  initial: '0 2 * * *',
  findProblem: (interval: string) => findParseProblem(interval, parseCron),
};

const WINDOW = {
  flag: 'window',
  valueHint: '<window>',
  message: 'Transformation window',
  choices: WINDOW_NAMES,
  initial: 'daily',
};

function findNameProblem(name: string, taken: ReadonlyMap<string, string>): string | undefined {
  const file = taken.get(name);
  return file === undefined ? findParseProblem(name, parseJobName) : `${file} has this name already`;
}

function findDateProblem(value: string): string | undefined {
  return isCalendarDay(value) ? undefined : 'it is not a date, write it as YYYY-MM-DD';
}

const DAY_MS = 86_400_000;

function yesterday(now: Date): string {
  return new Date(now.getTime() - DAY_MS).toISOString().slice(0, 10);
}

function readEndDate({ flags }: Invocation): { readonly endDate?: string } {
  const endDate = flags.text('end-date');
  if (endDate === undefined) return {};
  const problem = findDateProblem(endDate);
  if (problem !== undefined) throw createUsageError('end-date', `is ${JSON.stringify(endDate)}: ${problem}`);
  return { endDate };
}

function readBehavior({ flags }: Invocation): JobSpec['behavior'] {
  const delay = flags.text('retry-delay') ?? '0';
  const delayMs = parseDurationMs(delay);
  if (delayMs === undefined) {
    throw createUsageError('retry-delay', `is ${JSON.stringify(delay)}, must be a duration such as 5m`);
  }
  return {
    dependsOnPast: false,
    catchUp: flags.toggle('catch-up') ?? true,
    retry: { count: flags.count('retries') ?? 0, delayMs, exponentialBackoff: false },
    notify: [],
  };
}
