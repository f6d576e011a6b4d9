import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { parseNamespaceName, parseProjectName } from '@optimus/domain';
import { parseServerAddress } from '../../client/server-address.ts';
import type { Flags } from '../../command-line/flags.ts';
import { findParseProblem } from '../../prompt/find-parse-problem.ts';
import type { Prompter } from '../../prompt/prompter.ts';

/** What the folder is set up with. */
export interface NewProject {
  readonly host: string;
  readonly name: string;
  readonly namespaces: readonly NewNamespace[];
}

/** A namespace of a new project. */
export interface NewNamespace {
  readonly name: string;
  readonly datastore: string;
  /** What the folder holds goes; only ever true because somebody said so. */
  readonly isReplaced: boolean;
}

/** The stores that resources can be managed in. */
const DATASTORES = ['bigquery'];

interface Questionnaire {
  readonly folder: string;
  readonly flags: Flags;
  readonly prompter: Prompter;
}

/** Asks for host, project and namespaces, in this order; flags answer their questions. */
export async function askProject(context: Questionnaire): Promise<NewProject> {
  const { flags, prompter } = context;
  const host = await prompter.text(HOST, flags.text('host'));
  const name = await prompter.text(PROJECT, flags.text('project-name') ?? flags.text('project'));
  return { host, name, namespaces: await askNamespaces(context) };
}

const HOST = {
  flag: 'host',
  valueHint: '<host:port>',
  message: 'What is the Optimus service host?',
  help: 'Example - localhost:9100',
  findProblem: (answer: string) => findParseProblem(answer, parseServerAddress),
};

const PROJECT = {
  flag: 'project-name',
  valueHint: '<name>',
  message: 'What is the Optimus project name?',
  findProblem: (answer: string) => findParseProblem(answer, parseProjectName),
};

const NAMESPACE = {
  flag: 'namespace',
  valueHint: '<name>',
  message: 'What is the namespace name?',
  findProblem: (answer: string) => findParseProblem(answer, parseNamespaceName),
};

const DATASTORE = {
  flag: 'datastore',
  valueHint: '<type>',
  message: 'What is the type of data store for this namespace?',
  choices: DATASTORES,
};

async function askNamespaces(context: Questionnaire): Promise<readonly NewNamespace[]> {
  const given = context.flags.texts('namespace', { isList: true });
  const namespaces: NewNamespace[] = [];
  for (const name of given) namespaces.push(await askNamespace(context, name));
  if (given.length > 0) return namespaces;
  do namespaces.push(await askNamespace(context, undefined));
  while (await context.prompter.confirm(ANOTHER, false));
  return namespaces;
}

const ANOTHER = { flag: 'namespace', message: 'Do you want to add another namespace?' };

async function askNamespace(context: Questionnaire, given: string | undefined): Promise<NewNamespace> {
  const { flags, prompter } = context;
  const name = await prompter.text(NAMESPACE, given);
  const occupied = await askAboutFolder(context, name, given !== undefined);
  if (occupied === 'other name') return askNamespace(context, undefined);
  // Who names a namespace by flag is not asked about its store: there is one kind.
  const chosen = flags.text('datastore') ?? (given === undefined ? undefined : DATASTORES[0]);
  const datastore = await prompter.choice(DATASTORE, chosen);
  return { name, datastore, isReplaced: occupied === 'replace' };
}

/** What becomes of a folder that is already there: it is replaced only when `--force` or a person says so. */
async function askAboutFolder(
  { folder, flags, prompter }: Questionnaire,
  name: string,
  isGiven: boolean,
): Promise<'free' | 'keep' | 'replace' | 'other name'> {
  const target = path.join(folder, name);
  if (!(await isOccupied(target))) return 'free';
  if (flags.isSet('force')) return 'replace';
  if (flags.isSet('yes')) return 'keep';
  const message = `Directory ${target} for namespace ${name} is occupied, replace?`;
  if (await prompter.confirm({ flag: 'force', message }, false)) return 'replace';
  return isGiven ? 'keep' : 'other name';
}

async function isOccupied(folder: string): Promise<boolean> {
  return readdir(folder).then(
    (entries) => entries.length > 0,
    () => false,
  );
}
