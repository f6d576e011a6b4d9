import path from 'node:path';
import { computeWindow } from '@optimus/compiler';
import { findJobSpecProblems, type JobSpec, OptimusError, present } from '@optimus/domain';
import type { Invocation } from '../../command-line/command-spec.ts';
import type { ClientConfig, NamespaceConfig } from '../../config/client-config.ts';
import { pickNamespaces } from '../../config/pick-namespaces.ts';
import { getClientConfig } from '../../config/read-client-config.ts';
import { withPlugins } from '../../plugins/client-plugins.ts';
import { Prompter } from '../../prompt/prompter.ts';
import { readJobs } from '../../spec/read-jobs.ts';
import { writeJob } from '../../spec/write-job.ts';
import { askFolder } from './creation/ask-folder.ts';
import { askJob } from './creation/ask-job.ts';

/** `optimus job create`. Nothing is written before every answer is known and the job is found good. */
export async function run(invocation: Invocation): Promise<void> {
  const { flags, terminal } = invocation;
  const config = await getClientConfig(invocation);
  const prompter = new Prompter(terminal);
  const namespace = await chooseNamespace(config, prompter, flags.text('namespace'));
  const folder = await askFolder({ flags, prompter, namespace, cwd: terminal.cwd });
  const taken = await listTakenNames(config, terminal.cwd);
  const suggestedName = folder.split(path.sep).join('.');
  const spec = await withPlugins(invocation, (plugins) =>
    askJob({ invocation, plugins, suggestedName, taken }),
  );
  assertSound(spec);
  await writeJob(path.join(namespace.jobPath, folder), spec);
  terminal.print(`job created successfully ${spec.name}`);
}

async function chooseNamespace(
  config: ClientConfig,
  prompter: Prompter,
  given: string | undefined,
): Promise<NamespaceConfig> {
  const names = config.namespaces.map(({ name }) => name);
  const [only] = names;
  if (only === undefined) {
    throw new OptimusError('CONFIG_INVALID', {
      message: `${config.file} lists no namespace, and every job belongs to one`,
      hint: 'add one under "namespaces"',
    });
  }
  const question = {
    flag: 'namespace',
    valueHint: '<name>',
    message: 'Please choose the namespace:',
    choices: names,
  };
  const chosen = given ?? (names.length === 1 ? only : await prompter.choice(question));
  const [namespace] = pickNamespaces(config, [chosen], 'namespace');
  return present(namespace, 'the chosen namespace');
}

async function listTakenNames(config: ClientConfig, cwd: string): Promise<ReadonlyMap<string, string>> {
  return readJobs(config.namespaces, { cwd, computeWindow }).names;
}

function assertSound(spec: JobSpec): void {
  const problems = findJobSpecProblems(spec, computeWindow);
  if (problems.length === 0) return;
  const lines = problems.map(({ path: field, message }) => `${field} ${message}`);
  throw new OptimusError('SPEC_INVALID', { message: ['the job is not good:', ...lines].join('\n') });
}
