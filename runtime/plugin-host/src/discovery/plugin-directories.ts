import path from 'node:path';

export interface DirectoryOptions {
  /** Directories the operator configured; they come first. Relative ones start at `cwd`. */
  readonly dirs: ReadonlyArray<string>;
  readonly cwd: string;
  /** Where the running program lies. */
  readonly execDir: string;
  readonly home: string;
}

/** Where plugins are looked for, the strongest first. Source: the guide "Developing plugins", Installing a plugin. */
export function listPluginDirectories(options: DirectoryOptions): ReadonlyArray<string> {
  const { dirs, cwd, execDir, home } = options;
  const inOrder = [
    ...dirs.map((dir) => path.resolve(cwd, dir)),
    cwd,
    execDir,
    path.join(execDir, '.optimus', 'plugins'),
    path.join(home, '.optimus', 'plugins'),
    '/usr/bin',
    '/usr/local/bin',
  ];
  return [...new Set(inOrder)];
}
