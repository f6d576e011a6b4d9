import type { NounSpec } from '../../command-line/command-spec.ts';
import { configFlag, connectionFlags, outputFlag } from '../../command-line/shared-flags.ts';

/** `optimus project …`. */
export const projectCommand: NounSpec = {
  name: 'project',
  description: 'register and show projects',
  verbs: [
    {
      name: 'register',
      description: 'send the project of optimus.yaml and its configuration to the server',
      flags: [
        { flags: '--with-namespaces', description: 'also register its namespaces' },
        configFlag,
        { flags: '--host <host:port>', description: 'address of the server' },
      ],
      example: 'optimus project register --with-namespaces',
      load: () => import('./register.ts'),
    },
    {
      name: 'describe',
      description: 'show a project as the server has it',
      flags: [
        ...connectionFlags,
        { flags: '-o, --output <form>', description: 'yaml or json (default: yaml)' },
      ],
      example: 'optimus project describe --project-name neo',
      load: () => import('./describe.ts'),
    },
    {
      name: 'list',
      description: 'list the projects of the server',
      flags: [configFlag, { flags: '--host <host:port>', description: 'address of the server' }, outputFlag],
      example: 'optimus project list --host localhost:9100',
      load: () => import('./list.ts'),
    },
  ],
};
