import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { OptimusError } from '@optimus/domain';
import type { Invocation } from '../../command-line/command-spec.ts';
import { createUsageError } from '../../command-line/usage-error.ts';
import { CONFIG_FILE_NAME } from '../../config/read-client-config.ts';
import { Prompter } from '../../prompt/prompter.ts';
import { askProject } from './ask-project.ts';
import { writeProject } from './write-project.ts';

/** `optimus init`: asks for what the flags do not say, then writes; cancelled, it has written nothing. */
export async function run(invocation: Invocation): Promise<void> {
  const { flags, terminal } = invocation;
  const folder = path.resolve(terminal.cwd, flags.text('dir') ?? '.');
  const prompter = new Prompter(terminal);
  await assertConfigMayBeWritten(path.join(folder, CONFIG_FILE_NAME), invocation, prompter);
  const project = await askProject({ folder, flags, prompter });
  await mkdir(folder, { recursive: true });
  await writeProject(folder, project);
  terminal.print(`project ${project.name} is set up in ${path.join(folder, CONFIG_FILE_NAME)}`);
  for (const { name, isReplaced } of project.namespaces) {
    terminal.print(
      `namespace ${name}: ${isReplaced ? 'replaced' : 'jobs go to'} ${path.join(folder, name, 'jobs')}`,
    );
  }
}

/** `--yes` keeps what is there, so it does not replace the file either. */
async function assertConfigMayBeWritten(
  file: string,
  { flags }: Invocation,
  prompter: Prompter,
): Promise<void> {
  if (!(await exists(file))) return;
  if (flags.isSet('yes') && !flags.isSet('force')) {
    throw createUsageError('yes', `keeps what is there, and ${file} is there`, 'replace it with --force');
  }
  const question = { flag: 'force', message: `${file} already exists, replace it?` };
  if (await prompter.confirm(question, flags.isSet('force'))) return;
  throw new OptimusError('CANCELLED', { message: `${file} is left as it is` });
}

async function exists(target: string): Promise<boolean> {
  return stat(target).then(
    () => true,
    () => false,
  );
}
