import type { NounSpec } from '../../command-line/command-spec.ts';
import { configFlag, connectionFlags, outputFlag } from '../../command-line/shared-flags.ts';

/** `optimus namespace …`. */
export const namespaceCommand: NounSpec = {
  name: 'namespace',
  description: 'register and show namespaces',
  verbs: [
    {
      name: 'register',
      description: 'send namespaces of optimus.yaml and their configuration to the server',
      flags: [
        { flags: '-n, --name <name>', description: 'only this one (default: all)' },
        configFlag,
        { flags: '--host <host:port>', description: 'address of the server' },
      ],
      example: 'optimus namespace register --name team_a',
      load: () => import('./register.ts'),
    },
    {
      name: 'list',
      description: 'list the namespaces of optimus.yaml and of the server',
      flags: [...connectionFlags, outputFlag],
      example: 'optimus namespace list',
      load: () => import('./list.ts'),
    },
    {
      name: 'describe',
      description: 'show a namespace as the server has it',
      flags: [
        { flags: '-n, --name <name>', description: 'the namespace' },
        ...connectionFlags,
        { flags: '-o, --output <form>', description: 'yaml or json (default: yaml)' },
      ],
      example: 'optimus namespace describe --name team_a',
      load: () => import('./describe.ts'),
    },
  ],
};
