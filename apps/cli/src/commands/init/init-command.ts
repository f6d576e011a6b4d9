import type { VerbSpec } from '../../command-line/command-spec.ts';

/** `optimus init`. */
export const initCommand: VerbSpec = {
  name: 'init',
  description: 'set up a folder of job specifications: optimus.yaml and a folder for each namespace',
  flags: [
    { flags: '--dir <folder>', description: 'where (default: the current folder)' },
    { flags: '--host <host:port>', description: 'address of the server' },
    { flags: '-p, --project-name <name>', description: 'project (also --project)' },
    { flags: '--project <name>', description: 'same as --project-name', isHidden: true },
    { flags: '-n, --namespace <name>', description: 'namespace; may be repeated', isRepeatable: true },
    { flags: '--datastore <type>', description: 'data store of the namespaces (default: bigquery)' },
    { flags: '--yes', description: 'do not ask; keep folders that exist as they are' },
    { flags: '--force', description: 'do not ask; replace optimus.yaml and folders that exist' },
  ],
  example: 'optimus init --host localhost:9100 --project-name neo --namespace team_a',
  load: () => import('./init.ts'),
};
