import type { FlagSpec, NounSpec } from '../../command-line/command-spec.ts';
import { configFlag, outputFlag, pluginDirFlag } from '../../command-line/shared-flags.ts';
import { authoringVerbs } from './authoring-verbs.ts';

const installDirFlag: FlagSpec = {
  flags: '--dir <folder>',
  description: 'folder of the installed plugins (default: ~/.optimus/plugins)',
};

const documentFlag: FlagSpec = {
  flags: '-o, --output <form>',
  description: 'yaml or json (default: yaml)',
};

/** `optimus plugin …`. */
export const pluginCommand: NounSpec = {
  name: 'plugin',
  description: 'install, show, check and remove the plugins of this machine',
  verbs: [
    {
      name: 'list',
      description: 'list the plugins installed on this machine, those that do not run included',
      flags: [pluginDirFlag, configFlag, outputFlag],
      example: 'optimus plugin list',
      load: () => import('./list.ts'),
    },
    {
      name: 'describe',
      arguments: '<name>',
      description: 'show all that there is to know of a plugin installed on this machine',
      flags: [pluginDirFlag, configFlag, documentFlag],
      example: 'optimus plugin describe neo',
      load: () => import('./describe.ts'),
    },
    {
      name: 'verify',
      arguments: '<file>',
      description: 'hold a plugin, written in any language, against the contract with its hosts',
      flags: [
        { flags: '--start-timeout <seconds>', description: 'longest time to its handshake (default: 10)' },
        configFlag,
        { flags: '-o, --output <form>', description: 'text or json (default: text)' },
      ],
      example: 'optimus plugin verify dist/optimus-neo_0.1.0_linux_amd64',
      load: () => import('./verify.ts'),
    },
    {
      name: 'install',
      arguments: '<source>',
      description: 'install a plugin from a program, a YAML file, an archive, or the address of one',
      flags: [
        {
          flags: '--checksum <sum>',
          description: 'what it must be, sha256:<hex> (default: checksums.txt beside it)',
        },
        { flags: '--insecure', description: 'take it even if nothing vouches for it' },
        { flags: '--replace', description: 'take the place of this version, and of all others' },
        installDirFlag,
        pluginDirFlag,
        configFlag,
      ],
      example: 'optimus plugin install neo_0.1.0_linux_amd64.tar.gz',
      load: () => import('./install.ts'),
    },
    {
      name: 'remove',
      arguments: '<name>',
      description: 'remove a plugin installed on this machine; asks before',
      flags: [
        { flags: '--version <version>', description: 'only this version (default: all)' },
        { flags: '-y, --yes', description: 'do not ask' },
        installDirFlag,
        configFlag,
      ],
      example: 'optimus plugin remove neo --version 0.1.0 --yes',
      load: () => import('./remove.ts'),
    },
    ...authoringVerbs,
  ],
};
