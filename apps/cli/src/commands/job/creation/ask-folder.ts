import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Flags } from '../../../command-line/flags.ts';
import type { NamespaceConfig } from '../../../config/client-config.ts';
import type { Prompter } from '../../../prompt/prompter.ts';
import { isSkippedFolder, JOB_FILE_NAME, listSubfolders } from '../../../spec/find-job-folders.ts';
import { createPetname } from './petname.ts';

const HERE = '.  (current directory)';
const SPEC_FILES = [JOB_FILE_NAME, 'resource.yaml'];

/** What choosing a folder needs. */
export interface FolderContext {
  readonly flags: Flags;
  readonly prompter: Prompter;
  readonly namespace: NamespaceConfig;
  readonly cwd: string;
}

/** The folder of a new job, relative to the namespace's job folder: from `--dir`, else chosen step by step. */
export async function askFolder(context: FolderContext): Promise<string> {
  const { flags, prompter, namespace, cwd } = context;
  const given = flags.text('dir');
  const parent = given === undefined && prompter.isInteractive ? await chooseParent(context) : '';
  const shown = path.relative(cwd, path.join(namespace.jobPath, parent)) || '.';
  // Without a terminal the folder is called as the job.
  const initial = flags.text('name') ?? (prompter.isInteractive ? createPetname() : undefined);
  const question = {
    flag: 'dir',
    valueHint: '<folder>',
    message: `Provide new directory name to create for this spec?[${shown}/.]`,
    ...(initial === undefined ? {} : { initial }),
    findProblem: (answer: string) => findFolderProblem(path.join(parent, answer), namespace),
  };
  return path.normalize(path.join(parent, await prompter.text(question, given)));
}

/** Goes down from the job folder until the person stays. */
async function chooseParent({ prompter, namespace }: FolderContext): Promise<string> {
  let parent = '';
  for (;;) {
    const folders = await listOpenFolders(path.join(namespace.jobPath, parent));
    const answer = await prompter.choice({
      flag: 'dir',
      valueHint: '<folder>',
      message: 'Select directory to save specification?',
      help: 'specifications are organised in sub-directories',
      choices: [HERE, ...folders],
    });
    if (answer === HERE) return parent;
    parent = path.join(parent, answer);
    if ((await listOpenFolders(path.join(namespace.jobPath, parent))).length === 0) return parent;
  }
}

/** Folders that are not specifications themselves. */
async function listOpenFolders(folder: string): Promise<readonly string[]> {
  const names = listSubfolders(await readdir(folder, { withFileTypes: true }).catch(() => []));
  const isOpen = await Promise.all(names.map(async (name) => !(await isSpec(path.join(folder, name)))));
  return names.filter((_name, index) => isOpen[index]);
}

async function isSpec(folder: string): Promise<boolean> {
  const names: readonly string[] = await readdir(folder).catch(() => []);
  return SPEC_FILES.some((file) => names.includes(file));
}

async function findFolderProblem(folder: string, { jobPath }: NamespaceConfig): Promise<string | undefined> {
  const parts = path.normalize(folder).split(path.sep);
  if (path.isAbsolute(folder) || parts[0] === '..') return `it must lie below ${jobPath}`;
  const skipped = parts.find((part) => part !== '.' && part !== '' && isSkippedFolder(part));
  if (skipped !== undefined) return `folders called "${skipped}" are passed over when jobs are looked for`;
  if (await isSpec(path.join(jobPath, folder))) return 'it holds a specification already';
  return undefined;
}
