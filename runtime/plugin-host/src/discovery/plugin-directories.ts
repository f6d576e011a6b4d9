import path from 'node:path';

export interface DirectoryOptions {
  /** Directories the operator configured; they come first. Relative ones start at `cwd`. */
  readonly dirs: ReadonlyArray<string>;
  readonly cwd: string;
  /** Where the running program lies. */
  readonly execDir: string;
  readonly home: string;
  /** Leaves out `cwd`: whoever enters a folder then runs nothing that lies in it. Default: false. */
  readonly ignoreCwd?: boolean;
}

/** Where plugins are looked for, the strongest first. Source: the guide "Developing plugins", Installing a plugin. */
export function listPluginDirectories(options: DirectoryOptions): ReadonlyArray<string> {
  const { dirs, cwd, execDir, home, ignoreCwd = false } = options;
  const inOrder = [
    ...dirs.map((dir) => path.resolve(cwd, dir)),
    ...(ignoreCwd ? [] : [cwd]),
    execDir,
    path.join(execDir, '.optimus', 'plugins'),
    path.join(home, '.optimus', 'plugins'),
    '/usr/bin',
    '/usr/local/bin',
  ];
  return [...new Set(inOrder)];
}

/** Files that describe plugins are also looked for in `.plugins`, where servers of old kept them. */
export function listDescriptionDirectories(options: DirectoryOptions): ReadonlyArray<string> {
  const hidden = path.join(options.cwd, '.plugins');
  const directories = listPluginDirectories(options);
  return options.ignoreCwd ? directories : [...new Set([...directories, hidden])];
}
