import type { VerbSpec } from '../../command-line/command-spec.ts';
import { outputFlag } from '../../command-line/shared-flags.ts';

/** `optimus version`. */
export const versionCommand: VerbSpec = {
  name: 'version',
  description: 'print the version of the client, and of the server',
  flags: [
    { flags: '--with-server', description: 'also ask the server' },
    { flags: '--plugins', description: 'also list the plugins installed here' },
    { flags: '-c, --config <file>', description: 'client configuration (default: ./optimus.yaml)' },
    { flags: '--host <host:port>', description: 'address of the server' },
    outputFlag,
  ],
  example: 'optimus version --with-server',
  load: () => import('./version.ts'),
};
