import type { VerbSpec } from '../../command-line/command-spec.ts';
import { authorFlag, configFlag } from '../../command-line/shared-flags.ts';

/** `optimus deploy`. */
export const deployCommand: VerbSpec = {
  name: 'deploy',
  description:
    'make the server hold exactly the jobs of this folder; jobs that are gone here are deleted there',
  flags: [
    {
      flags: '-N, --namespace-names <names>',
      description: 'only these namespaces, separated by commas (default: all)',
      isRepeatable: true,
    },
    { flags: '--partial', description: 'deploy the good jobs; the bad ones stay as they are on the server' },
    { flags: '--force', description: 'delete jobs that others need' },
    { flags: '-v, --verbose', description: 'has no effect; kept for scripts', isHidden: true },
    { flags: '--ignore-jobs', description: 'leave the jobs alone' },
    { flags: '--ignore-resources', description: 'leave the resources alone' },
    authorFlag,
    configFlag,
    { flags: '--host <host:port>', description: 'address of the server' },
  ],
  example: 'optimus deploy --namespace-names team_a,team_b',
  load: () => import('./deploy.ts'),
};
