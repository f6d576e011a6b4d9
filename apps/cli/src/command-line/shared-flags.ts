import type { FlagSpec } from './command-spec.ts';

/** Where the server and the project come from. `--project` and `--project-name` are one flag. */
export const connectionFlags: readonly FlagSpec[] = [
  { flags: '-c, --config <file>', description: 'client configuration (default: ./optimus.yaml)' },
  { flags: '--host <host:port>', description: 'address of the server' },
  { flags: '-p, --project-name <name>', description: 'project (also --project)' },
  { flags: '--project <name>', description: 'same as --project-name', isHidden: true },
];

/** Which jobs are meant, by graph, label, namespace, change or state. */
export const selectFlag: FlagSpec = {
  flags: '--select <selector>',
  description:
    "only these jobs, such as '+orders tag:team=ads' (docs/sql-dependencies.md); may stand without the flag",
};

/** The jobs of a selector in place of the one that is named. */
export const selectInsteadFlag: FlagSpec = {
  flags: '--select <selector>',
  description:
    "these jobs instead of one, such as '+orders tag:team=ads' (docs/sql-dependencies.md); may stand without the flag",
};

/** For commands that change more than one job at a time. */
export const yesFlag: FlagSpec = {
  flags: '-y, --yes',
  description: 'do not ask before more than one job is touched',
};

/** Who makes a change. */
export const authorFlag: FlagSpec = {
  flags: '--author <who>',
  description: 'who makes the change (also OPTIMUS_AUTHOR; default: as in git)',
};

/** Where the client's own configuration is. */
export const configFlag: FlagSpec = {
  flags: '-c, --config <file>',
  description: 'client configuration (default: ./optimus.yaml)',
};

/** How a listing is printed. */
export const outputFlag: FlagSpec = {
  flags: '-o, --output <form>',
  description: 'table, json or yaml (default: table)',
};

/** Where further plugins are. */
export const pluginDirFlag: FlagSpec = {
  flags: '--plugin-dir <folder>',
  description: 'folder with plugins; may be repeated (also OPTIMUS_PLUGIN_DIRS)',
  isRepeatable: true,
};
