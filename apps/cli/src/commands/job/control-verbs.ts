import type { VerbSpec } from '../../command-line/command-spec.ts';
import { connectionFlags, selectInsteadFlag, yesFlag } from '../../command-line/shared-flags.ts';

const reasonFlag = { flags: '--reason <text>', description: 'why, shown with the run' };

/** The verbs with which people step in. */
export const controlVerbs: readonly VerbSpec[] = [
  {
    name: 'cancel',
    arguments: '[job]',
    description: 'end a run that is not over, with its task and hooks',
    flags: [
      selectInsteadFlag,
      yesFlag,
      { flags: '--scheduled-at <time>', description: 'which run (default: the newest that is not over)' },
      reasonFlag,
      ...connectionFlags,
    ],
    example: 'optimus job cancel is_last_day_on_earth --reason "wrong table"',
    load: () => import('./cancel.ts'),
  },
  {
    name: 'rerun',
    arguments: '[job]',
    description: 'have a run that is over run again',
    flags: [
      selectInsteadFlag,
      yesFlag,
      { flags: '--scheduled-at <time>', description: 'which run (default: the newest that is over)' },
      { flags: '--only-failed', description: 'leave alone what succeeded' },
      {
        flags: '--instance <name>',
        description: 'this task or hook, and whatever else did not succeed; leave alone the rest',
      },
      { flags: '--newest', description: 'with the job as it is deployed now, not as it was then' },
      ...connectionFlags,
    ],
    example: 'optimus job rerun is_last_day_on_earth --only-failed',
    load: () => import('./rerun.ts'),
  },
  {
    name: 'mark',
    arguments: '[job]',
    description: 'declare a run to have succeeded, to have failed or not to be needed',
    flags: [
      selectInsteadFlag,
      yesFlag,
      { flags: '--scheduled-at <time>', description: 'which run (default: the newest)' },
      { flags: '--as <state>', description: 'success, failed or skipped (default: success)' },
      reasonFlag,
      ...connectionFlags,
    ],
    example: 'optimus job mark is_last_day_on_earth --as success --reason "loaded by hand"',
    load: () => import('./mark.ts'),
  },
  {
    name: 'pause',
    aliases: ['disable'],
    arguments: '[job]',
    description: 'begin no run of a job until it is resumed; runs under way go on',
    flags: [selectInsteadFlag, yesFlag, ...connectionFlags],
    example: 'optimus job pause is_last_day_on_earth',
    load: () => import('./pause.ts'),
  },
  {
    name: 'resume',
    aliases: ['enable'],
    arguments: '[job]',
    description: 'resume a paused job',
    flags: [selectInsteadFlag, yesFlag, ...connectionFlags],
    example: 'optimus job resume is_last_day_on_earth',
    load: () => import('./resume.ts'),
  },
];
