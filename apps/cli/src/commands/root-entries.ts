import type { RootEntry } from '../command-line/command-spec.ts';

/** In the order of help. */
const ENTRIES: readonly RootEntry[] = [
  {
    name: 'init',
    description: 'set up a folder of job specifications',
    load: async () => (await import('./init/init-command.ts')).initCommand,
  },
  {
    name: 'job',
    description: 'create, check, list and follow jobs',
    load: async () => (await import('./job/job-command.ts')).jobCommand,
  },
  {
    name: 'run',
    description: 'list and show runs',
    load: async () => (await import('./run/run-command.ts')).runCommand,
  },
  {
    name: 'deploy',
    description: 'make the server hold exactly the jobs of this folder',
    load: async () => (await import('./deploy/deploy-command.ts')).deployCommand,
  },
  {
    name: 'plan',
    description: 'show what a deployment would change',
    load: async () => (await import('./plan/plan-command.ts')).planCommand,
  },
  {
    name: 'apply',
    description: 'make exactly the changes of a plan',
    load: async () => (await import('./apply/apply-command.ts')).applyCommand,
  },
  {
    name: 'secret',
    description: 'set, list and delete secrets',
    load: async () => (await import('./secret/secret-command.ts')).secretCommand,
  },
  {
    name: 'project',
    description: 'register and show projects',
    load: async () => (await import('./project/project-command.ts')).projectCommand,
  },
  {
    name: 'namespace',
    description: 'register and show namespaces',
    load: async () => (await import('./namespace/namespace-command.ts')).namespaceCommand,
  },
  {
    name: 'plugin',
    description: 'show the plugins installed here',
    load: async () => (await import('./plugin/plugin-command.ts')).pluginCommand,
  },
  {
    name: 'playground',
    description: 'try things out; needs no server and changes nothing',
    load: async () => (await import('./playground/playground-command.ts')).playgroundCommand,
  },
  {
    name: 'schema',
    description: 'print the JSON Schemas of files, for editors',
    load: async () => (await import('./schema/schema-command.ts')).schemaCommand,
  },
  {
    name: 'serve',
    description: 'run the server',
    load: async () => (await import('./serve/serve-command.ts')).serveCommand,
  },
  {
    name: 'version',
    description: 'print the version of the client, and of the server',
    load: async () => (await import('./version/version-command.ts')).versionCommand,
  },
  {
    name: 'create',
    description: 'same as job create',
    isHidden: true,
    load: async () => (await import('./job/job-command.ts')).createAliasCommand,
  },
];

/** The first level of the command line. Admin commands show when `OPTIMUS_ADMIN_ENABLED` is 1 or true. */
export function listRootEntries(env: Readonly<Record<string, string | undefined>>): readonly RootEntry[] {
  const isAdmin = ['1', 'true'].includes(env['OPTIMUS_ADMIN_ENABLED'] ?? '');
  const admin: RootEntry = {
    name: 'admin',
    description: 'commands for executors and operators',
    isHidden: !isAdmin,
    load: async () => (await import('./admin/admin-command.ts')).adminCommand,
  };
  return [...ENTRIES, admin];
}
