import type { NounSpec } from '../../command-line/command-spec.ts';
import { connectionFlags, outputFlag, selectFlag } from '../../command-line/shared-flags.ts';

/** `optimus run …`. */
export const runCommand: NounSpec = {
  name: 'run',
  description: 'list and show runs',
  verbs: [
    {
      name: 'list',
      description: 'list the runs of all jobs, the newest made first',
      flags: [
        { flags: '-n, --namespace <name>', description: 'only this namespace' },
        selectFlag,
        {
          flags: '--state <states>',
          description: 'only these states, separated by commas',
          isRepeatable: true,
        },
        { flags: '--limit <count>', description: 'at most so many (default: 20)' },
        ...connectionFlags,
        outputFlag,
      ],
      example: 'optimus run list --state running,wait_upstream',
      load: () => import('./list.ts'),
    },
    {
      name: 'show',
      arguments: '<job>',
      description: 'show a run with its task and hooks, and what it waits for',
      flags: [
        { flags: '--scheduled-at <time>', description: 'which run (default: the newest)' },
        ...connectionFlags,
        { flags: '-o, --output <form>', description: 'yaml or json (default: yaml)' },
      ],
      example: 'optimus run show is_last_day_on_earth',
      load: () => import('./show.ts'),
    },
  ],
};
