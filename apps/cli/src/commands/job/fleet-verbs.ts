import type { VerbSpec } from '../../command-line/command-spec.ts';
import { authorFlag, connectionFlags, selectFlag } from '../../command-line/shared-flags.ts';

/** The verbs for many jobs, and for where they belong. */
export const fleetVerbs: readonly VerbSpec[] = [
  {
    name: 'rename-namespace',
    aliases: ['change-namespace'],
    arguments: '<job>',
    description: 'move a deployed job to another namespace, with its versions and runs',
    flags: [
      { flags: '-n, --new-namespace <name>', description: 'where it is to be' },
      { flags: '--old-namespace <name>', description: 'where it is (default: the server knows)' },
      authorFlag,
      ...connectionFlags,
    ],
    example: 'optimus job rename-namespace is_last_day_on_earth --new-namespace team_b',
    load: () => import('./rename-namespace.ts'),
  },
  {
    name: 'export',
    description: 'write deployed jobs into a folder, as deploy reads them',
    flags: [
      { flags: '--dir <folder>', description: 'where to; a folder for each namespace is made in it' },
      { flags: '-n, --namespace-name <name>', description: 'only this namespace' },
      { flags: '-r, --job-name <name>', description: 'only this job' },
      selectFlag,
      ...connectionFlags,
    ],
    example: 'optimus job export --dir backup',
    load: () => import('./export.ts'),
  },
  {
    name: 'refresh',
    description: 'ask anew what deployed jobs read and write, and resolve whom they wait for',
    flags: [
      { flags: '-N, --namespaces <names>', description: 'only these namespaces', isRepeatable: true },
      { flags: '-J, --jobs <names>', description: 'only these jobs', isRepeatable: true },
      selectFlag,
      { flags: '-v, --verbose', description: 'name each job, also those of which nothing changed' },
      ...connectionFlags,
    ],
    example: 'optimus job refresh --namespaces team_a',
    load: () => import('./refresh.ts'),
  },
];
