import type { VerbSpec } from '../../command-line/command-spec.ts';
import { authorFlag, configFlag } from '../../command-line/shared-flags.ts';

/** `optimus apply`. */
export const applyCommand: VerbSpec = {
  name: 'apply',
  arguments: '<file>',
  description: 'make exactly the changes of a plan, all of them or none',
  flags: [authorFlag, configFlag, { flags: '--host <host:port>', description: 'address of the server' }],
  example: 'optimus apply plan.json',
  load: () => import('./apply.ts'),
};
