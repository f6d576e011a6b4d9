import type { VerbSpec } from '../../command-line/command-spec.ts';
import { configFlag } from '../../command-line/shared-flags.ts';

/** `optimus plan`. */
export const planCommand: VerbSpec = {
  name: 'plan',
  description: 'show what a deployment would change; exit code 0: nothing, 2: something',
  flags: [
    {
      flags: '-N, --namespace-names <names>',
      description: 'only these namespaces, separated by commas (default: all)',
      isRepeatable: true,
    },
    { flags: '--out <file>', description: 'write the plan to a file, for optimus apply' },
    { flags: '--force', description: 'plan to delete jobs that others need' },
    {
      flags: '-o, --output <form>',
      description: 'text or json; anything else is a file to write the plan to',
    },
    configFlag,
    { flags: '--host <host:port>', description: 'address of the server' },
  ],
  example: 'optimus plan -o plan.json',
  load: () => import('./plan.ts'),
};
