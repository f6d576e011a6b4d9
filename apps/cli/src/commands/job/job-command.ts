import type { FlagSpec, NounSpec, VerbSpec } from '../../command-line/command-spec.ts';
import {
  authorFlag,
  configFlag,
  connectionFlags,
  outputFlag,
  pluginDirFlag,
  selectFlag,
  selectInsteadFlag,
  yesFlag,
} from '../../command-line/shared-flags.ts';
import { controlVerbs } from './control-verbs.ts';
import { fleetVerbs } from './fleet-verbs.ts';
import { historyVerbs } from './history-verbs.ts';

const createVerb: VerbSpec = {
  name: 'create',
  description: 'write a new job.yaml; asks for what the flags do not say',
  flags: [
    { flags: '-n, --namespace <name>', description: 'namespace the job belongs to' },
    { flags: '--dir <folder>', description: "folder of the job, below the namespace's job folder" },
    { flags: '--name <name>', description: 'name, unique in the project' },
    { flags: '--owner <owner>', description: 'e-mail or user name' },
    { flags: '--task <plugin>', description: 'task to run' },
    { flags: '--start-date <date>', description: 'first day, YYYY-MM-DD (default: yesterday)' },
    { flags: '--end-date <date>', description: 'last day, YYYY-MM-DD (default: none)' },
    { flags: '--interval <cron>', description: 'schedule (default: "0 2 * * *")' },
    { flags: '--window <window>', description: 'hourly, daily, weekly or monthly (default: daily)' },
    { flags: '--catch-up', description: 'also run for the past (default)' },
    { flags: '--no-catch-up', description: 'run from now on' },
    { flags: '--retries <count>', description: 'attempts after the first one that fails' },
    { flags: '--retry-delay <duration>', description: 'pause before the next attempt, such as 5m' },
    {
      flags: '--answer <name=value>',
      description: 'answer to a question of the plugin; may be repeated',
      isRepeatable: true,
    },
    pluginDirFlag,
    configFlag,
  ],
  example:
    "optimus job create --name is_last_day_on_earth --owner kush --task neo --answer 'Start={{.DSTART}}'",
  load: () => import('./create.ts'),
};

const jobArgument = '<job>';
/** For commands that take `--select` in its place. */
const jobOrSelection = '[job]';

const namespaceFlag: FlagSpec = { flags: '-n, --namespace <name>', description: 'only this namespace' };

/** `optimus job …`. */
export const jobCommand: NounSpec = {
  name: 'job',
  description: 'create, check, list and follow jobs',
  verbs: [
    createVerb,
    {
      name: 'addhook',
      arguments: '<job>',
      description: 'add a hook to a job of this folder; asks for what the flags do not say',
      flags: [
        { flags: '--hook <plugin>', description: 'hook to add' },
        {
          flags: '--answer <name=value>',
          description: 'answer to a question of the plugin; may be repeated',
          isRepeatable: true,
        },
        pluginDirFlag,
        configFlag,
      ],
      example: "optimus job addhook is_last_day_on_earth --hook http-post --answer 'URL=https://example.io'",
      load: () => import('./addhook.ts'),
    },
    {
      name: 'validate',
      description: 'check all job files here, then have the server check them',
      flags: [
        { flags: '-n, --namespace <name>', description: 'only this namespace', isRepeatable: true },
        { flags: '--offline', description: 'do not ask the server' },
        { ...selectFlag, description: 'have the server check these jobs alone' },
        { flags: '-v, --verbose', description: 'name each job that is good' },
        ...connectionFlags,
      ],
      example: 'optimus job validate --namespace team_a',
      load: () => import('./validate.ts'),
    },
    {
      name: 'list',
      description: 'list the deployed jobs',
      flags: [
        namespaceFlag,
        selectFlag,
        { flags: '--writes <urn>', description: 'only jobs that write this resource' },
        ...connectionFlags,
        outputFlag,
      ],
      example: 'optimus job list --output json',
      load: () => import('./list.ts'),
    },
    {
      name: 'show',
      aliases: ['describe'],
      arguments: jobOrSelection,
      description: 'show a deployed job as job.yaml',
      flags: [
        selectInsteadFlag,
        ...connectionFlags,
        { flags: '-o, --output <form>', description: 'yaml or json (default: yaml)' },
      ],
      example: 'optimus job show is_last_day_on_earth',
      load: () => import('./show.ts'),
    },
    {
      name: 'window',
      arguments: jobOrSelection,
      description: 'print the next runs of a job of this folder and the data that each covers',
      flags: [
        selectInsteadFlag,
        {
          flags: '--next <count>',
          description: 'so many runs, up to 1000 (default: 5, with --scheduled-at 1)',
        },
        { flags: '--scheduled-at <time>', description: 'from this tick on (default: from now)' },
        { flags: '--server', description: 'the job as it is deployed' },
        ...connectionFlags,
        outputFlag,
      ],
      example: 'optimus job window is_last_day_on_earth --scheduled-at 2022-09-19T02:00:00Z --next 3',
      load: () => import('./window.ts'),
    },
    {
      name: 'render',
      arguments: '[job]',
      description: 'write what a run of a job of this folder would see, secrets masked',
      flags: [
        selectInsteadFlag,
        { flags: '--scheduled-at <time>', description: 'which run (default: the next)' },
        { flags: '--server', description: "compile the deployed job with the server's configuration" },
        { flags: '--undeployed', description: 'with --server: the job as it is in this folder' },
        { flags: '--dir <folder>', description: 'where to write (default: ./render/<job>)' },
        { flags: '-o, --output <form>', description: 'dir or json (default: dir)' },
        pluginDirFlag,
        ...connectionFlags,
      ],
      example: 'optimus job render is_last_day_on_earth --scheduled-at 2022-09-19T02:00:00Z',
      load: () => import('./render.ts'),
    },
    {
      name: 'runs',
      aliases: ['list-runs'],
      arguments: jobOrSelection,
      description: 'list the runs of a job, the newest first',
      flags: [
        selectInsteadFlag,
        { flags: '--since <time>', description: 'scheduled at or after' },
        { flags: '--until <time>', description: 'scheduled before' },
        {
          flags: '--state <states>',
          description: 'only these states, separated by commas',
          isRepeatable: true,
        },
        { flags: '--limit <count>', description: 'at most so many (default: 20)' },
        { flags: '--instances', description: 'show the task and hooks of each run' },
        ...connectionFlags,
        outputFlag,
      ],
      example: 'optimus job runs is_last_day_on_earth --state failed --since 2022-09-19',
      load: () => import('./runs.ts'),
    },
    {
      name: 'logs',
      arguments: jobArgument,
      description: 'print the log of a run',
      flags: [
        { flags: '--scheduled-at <time>', description: 'which run (default: the newest)' },
        { flags: '--instance <name>', description: 'task or hook (default: the task)' },
        { flags: '--attempt <number>', description: 'which attempt (default: the last)' },
        { flags: '-f, --follow', description: 'go on until the attempt ends' },
        ...connectionFlags,
      ],
      example: 'optimus job logs is_last_day_on_earth --follow',
      load: () => import('./logs.ts'),
    },
    {
      name: 'run',
      arguments: jobOrSelection,
      description: 'run a job of this folder once, outside its schedule',
      flags: [selectInsteadFlag, yesFlag, ...connectionFlags],
      example: 'optimus job run is_last_day_on_earth',
      load: () => import('./run.ts'),
    },
    ...historyVerbs,
    ...fleetVerbs,
    ...controlVerbs,
    {
      name: 'run-input',
      arguments: jobArgument,
      description: 'write the configuration, secrets and files of a run into a folder',
      flags: [
        { flags: '--output-dir <folder>', description: 'where to make the folder "in" (default: /tmp)' },
        { flags: '--scheduled-at <time>', description: 'which run' },
        { flags: '--type <type>', description: 'task or hook (default: task)' },
        { flags: '--name <name>', description: 'name of the task or hook' },
        ...connectionFlags,
      ],
      example: 'optimus job run-input is_last_day_on_earth --name neo --scheduled-at 2022-09-19T02:00:00Z',
      load: () => import('./run-input.ts'),
    },
    {
      name: 'delete',
      arguments: jobOrSelection,
      description: 'delete a deployed job; its runs stay',
      flags: [
        selectInsteadFlag,
        { flags: '--confirm', description: 'do not ask (also --yes)' },
        { ...yesFlag, isHidden: true },
        { flags: '--force', description: 'also when other jobs need it' },
        authorFlag,
        ...connectionFlags,
      ],
      example: 'optimus job delete is_last_day_on_earth --confirm',
      load: () => import('./delete.ts'),
    },
  ],
};

/** `optimus create job`, the older word order of `optimus job create`. */
export const createAliasCommand: NounSpec = {
  name: 'create',
  description: 'same as job create',
  verbs: [{ ...createVerb, name: 'job' }],
};
