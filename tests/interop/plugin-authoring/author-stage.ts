import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Ended, runCommand } from '../../e2e/stage/run-command.ts';
import { makeStageFolder, optimusCommand, removeStageFolder } from '../../e2e/stage/stage-folder.ts';

/** An author's folder outside of the checkout, and what is typed there. */
export interface AuthorStage {
  readonly folder: string;
  /** Runs a command that must succeed; answers what it printed to its standard output. `cwd` is relative to the folder. */
  must(command: readonly [string, ...string[]], cwd?: string): Promise<string>;
  /** The same for `optimus`. */
  optimus(args: readonly string[], cwd?: string): Promise<string>;
  /** `optimus` as it ends. */
  tryOptimus(args: readonly string[]): Promise<Ended>;
  readText(file: string): Promise<string>;
  clear(): Promise<void>;
}

/** The author's tools keep their own settings and caches: packages come from where they always do. */
const env: NodeJS.ProcessEnv = {
  ...process.env,
  PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env['PATH'] ?? ''}`,
  GOTOOLCHAIN: 'local',
  NO_COLOR: '1',
};

export async function setAuthorStage(extra: NodeJS.ProcessEnv = {}): Promise<AuthorStage> {
  const folder = await makeStageFolder();
  const run = async (command: readonly [string, ...string[]], cwd = '.') => {
    await mkdir(path.join(folder, cwd), { recursive: true });
    return runCommand(command, { cwd: path.join(folder, cwd), env: { ...env, ...extra } });
  };
  const must: AuthorStage['must'] = async (command, cwd) => {
    const { code, stdout, stderr } = await run(command, cwd);
    if (code === 0) return stdout;
    throw new Error(`${command.join(' ')} ended with ${code}:\n${stdout}${stderr}`);
  };
  return {
    folder,
    must,
    optimus: (args, cwd) => must([...optimusCommand, ...args], cwd),
    tryOptimus: (args) => run([...optimusCommand, ...args]),
    readText: (file) => readFile(path.join(folder, file), 'utf8'),
    clear: () => removeStageFolder(folder),
  };
}

/** Installs what a plugin in TypeScript is built with. */
export async function installModules(stage: AuthorStage, plugin: string): Promise<void> {
  await stage.must(['npm', 'install', '--silent', '--no-audit', '--no-fund', '--ignore-scripts'], plugin);
}

/** Whether a program is there. */
export async function hasProgram(program: string, args: readonly string[]): Promise<boolean> {
  const ended = await runCommand([program, ...args], { cwd: '/', env }).catch(() => undefined);
  return ended?.code === 0;
}
