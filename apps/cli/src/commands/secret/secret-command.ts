import type { FlagSpec, NounSpec } from '../../command-line/command-spec.ts';
import { configFlag, connectionFlags, outputFlag } from '../../command-line/shared-flags.ts';

const namespaceFlag: FlagSpec = {
  flags: '-n, --namespace <name>',
  description: 'namespace the secret belongs to (default: the whole project)',
};

/** `optimus secret …`. */
export const secretCommand: NounSpec = {
  name: 'secret',
  description: 'set, list and delete secrets, and change their key',
  verbs: [
    {
      name: 'set',
      arguments: '<name> [value]',
      description: 'store a secret; the value comes from the argument, from --file, or from stdin with "-"',
      flags: [
        namespaceFlag,
        { flags: '-f, --file <file>', description: 'file that holds the value' },
        { flags: '--base64', description: 'the value is base64 already' },
        { flags: '--update-only', description: 'replace an existing secret, never create one' },
        { flags: '--confirm', description: 'replace an existing secret without asking' },
        ...connectionFlags,
      ],
      example: 'optimus secret set neo_api_key --file key.json',
      load: () => import('./set.ts'),
    },
    {
      name: 'list',
      description: 'list names and digests; values are never shown',
      flags: [...connectionFlags, outputFlag],
      example: 'optimus secret list --output json',
      load: () => import('./list.ts'),
    },
    {
      name: 'delete',
      arguments: '<name>',
      description: 'delete a secret',
      flags: [namespaceFlag, { flags: '--confirm', description: 'do not ask' }, ...connectionFlags],
      example: 'optimus secret delete neo_api_key --confirm',
      load: () => import('./delete.ts'),
    },
    {
      name: 'rotate-key',
      description: 'encrypt all secrets of the server under its present app_key',
      flags: [configFlag, { flags: '--host <host:port>', description: 'address of the server' }],
      example: 'optimus secret rotate-key --host localhost:9100',
      load: () => import('./rotate-key.ts'),
    },
  ],
};
