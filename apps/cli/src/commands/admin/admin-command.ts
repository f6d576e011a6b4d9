import type { NounSpec } from '../../command-line/command-spec.ts';
import { connectionFlags } from '../../command-line/shared-flags.ts';

/** `optimus admin …`. */
export const adminCommand: NounSpec = {
  name: 'admin',
  description: 'commands for executors and operators',
  verbs: [
    {
      name: 'build',
      description: 'prepare what a container works with',
      verbs: [
        {
          name: 'instance',
          arguments: '<job>',
          description: 'register a task or hook and write its .env, .secret and files into a folder',
          flags: [
            { flags: '--output-dir <folder>', description: 'where to make the folder "in" (default: /tmp)' },
            { flags: '--scheduled-at <time>', description: 'which run' },
            { flags: '--type <type>', description: 'task or hook (default: task)' },
            { flags: '--name <name>', description: 'name of the task or hook' },
            ...connectionFlags,
          ],
          example:
            'optimus admin build instance $JOB_NAME --project $PROJECT --output-dir $JOB_DIR --type $INSTANCE_TYPE --name $INSTANCE_NAME --scheduled-at $SCHEDULED_AT --host $OPTIMUS_HOSTNAME',
          load: () => import('./build-instance.ts'),
        },
      ],
    },
  ],
};
