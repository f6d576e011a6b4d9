import type { VerbSpec } from '../../command-line/command-spec.ts';
import {
  authorFlag,
  connectionFlags,
  outputFlag,
  selectInsteadFlag,
} from '../../command-line/shared-flags.ts';

/** The verbs that tell how jobs hang together and what became of them. */
export const historyVerbs: readonly VerbSpec[] = [
  {
    name: 'inspect',
    arguments: '[job]',
    description: 'show what a deployed job reads, writes and waits for, who waits for it, and its next runs',
    flags: [
      selectInsteadFlag,
      { flags: '--undeployed', description: 'the job of this folder, as if it were deployed' },
      { flags: '--upstream <levels>', description: 'so many levels of jobs before it (default: 1)' },
      { flags: '--downstream <levels>', description: 'so many levels of jobs after it (default: 1)' },
      ...connectionFlags,
      { flags: '-o, --output <form>', description: 'text, yaml or json (default: text)' },
    ],
    example: 'optimus job inspect is_last_day_on_earth --upstream 3 --downstream 3',
    load: () => import('./inspect.ts'),
  },
  {
    name: 'why',
    arguments: '<job>',
    description: 'say why a run waits, is late, runs, failed or is not there, and what to do',
    flags: [
      {
        flags: '--scheduled-at <time>',
        description: 'which run (default: the one under way or waiting, else the newest due, else the next)',
      },
      ...connectionFlags,
      { flags: '-o, --output <form>', description: 'text, yaml or json (default: text)' },
    ],
    example: 'optimus job why is_last_day_on_earth',
    load: () => import('./why.ts'),
  },
  {
    name: 'lineage',
    arguments: '<job>',
    description: 'show which columns the columns of a deployed job are computed from, or where one leads',
    flags: [
      { flags: '--column <name>', description: 'follow this column from job to job' },
      { flags: '--direction <way>', description: 'upstream or downstream (default: upstream)' },
      { flags: '--depth <levels>', description: 'so many jobs far, up to 100 (default: 10)' },
      { flags: '--version <number>', description: 'of this version (default: the deployed one)' },
      ...connectionFlags,
      { flags: '-o, --output <form>', description: 'text, yaml or json (default: text)' },
    ],
    example: 'optimus job lineage orders_daily --column amount --direction downstream',
    load: () => import('./lineage.ts'),
  },
  {
    name: 'history',
    arguments: '[job]',
    description: 'list the versions of a job, the newest first',
    flags: [
      selectInsteadFlag,
      { flags: '--limit <count>', description: 'at most so many (default: 20)' },
      ...connectionFlags,
      outputFlag,
    ],
    example: 'optimus job history is_last_day_on_earth',
    load: () => import('./history.ts'),
  },
  {
    name: 'diff',
    arguments: '[job]',
    description: 'show what a version of a job changed',
    flags: [
      selectInsteadFlag,
      { flags: '--from <version>', description: 'against which (default: the one before)' },
      { flags: '--to <version>', description: 'which (default: the newest)' },
      ...connectionFlags,
      { flags: '-o, --output <form>', description: 'text or json (default: text)' },
    ],
    example: 'optimus job diff is_last_day_on_earth --from 1 --to 3',
    load: () => import('./diff.ts'),
  },
  {
    name: 'rollback',
    arguments: '<job>',
    description: 'store an old version of a job anew, as its newest',
    flags: [{ flags: '--to <version>', description: 'which' }, authorFlag, ...connectionFlags],
    example: 'optimus job rollback is_last_day_on_earth --to 1',
    load: () => import('./rollback.ts'),
  },
];
