import type { NounSpec } from '../../command-line/command-spec.ts';
import { outputFlag, pluginDirFlag } from '../../command-line/shared-flags.ts';

/** `optimus plugin …`. */
export const pluginCommand: NounSpec = {
  name: 'plugin',
  description: 'show the plugins installed here',
  verbs: [
    {
      name: 'list',
      description: 'list the plugins installed on this machine, those that do not run included',
      flags: [pluginDirFlag, outputFlag],
      example: 'optimus plugin list',
      load: () => import('./list.ts'),
    },
  ],
};
