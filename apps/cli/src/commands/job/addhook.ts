import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { computeWindow } from '@optimus/compiler';
import { OptimusError, toSuggestion } from '@optimus/domain';
import { addHook, createFilesError, type NewHook } from '@optimus/spec';
import type { Invocation } from '../../command-line/command-spec.ts';
import { getClientConfig } from '../../config/read-client-config.ts';
import { withPlugins } from '../../plugins/client-plugins.ts';
import { getPluginNames } from '../../plugins/get-plugin-names.ts';
import { Prompter } from '../../prompt/prompter.ts';
import { readJobs } from '../../spec/read-jobs.ts';
import { readText } from '../../spec/read-text.ts';
import { askPlugin } from './creation/ask-plugin.ts';

/** `optimus job addhook`. Nothing is written before every answer is known; the rest of the file stays as it is, to the byte. */
export async function run(invocation: Invocation): Promise<void> {
  const { args, terminal } = invocation;
  const [jobName = ''] = args;
  const shown = await findJobFile(invocation, jobName);
  const file = path.resolve(terminal.cwd, shown);
  const read = readText(file);
  if (!read.ok) throw createFilesError('SPEC_INVALID', [{ ...read, file: shown }]);
  const hook = await askHook(invocation, jobName);
  await writeFile(file, addHook(read.text, hook));
  terminal.print(`hook ${hook.name} is added to job ${jobName} in ${shown}`);
}

async function findJobFile(invocation: Invocation, jobName: string): Promise<string> {
  const { namespaces } = await getClientConfig(invocation);
  const { names } = readJobs(namespaces, { cwd: invocation.terminal.cwd, computeWindow });
  const file = names.get(jobName);
  if (file !== undefined) return file;
  throw new OptimusError('JOB_NOT_FOUND', {
    message: `there is no job "${jobName}" in this folder${toSuggestion(jobName, names.keys())}`,
    fields: { job: jobName },
  });
}

function askHook(invocation: Invocation, jobName: string): Promise<NewHook> {
  const { flags, terminal } = invocation;
  const prompter = new Prompter(terminal);
  return withPlugins(invocation, async (plugins) => {
    const choices = await getPluginNames(plugins, 'hook');
    const question = { flag: 'hook', valueHint: '<plugin>', message: 'Select hook to attach?', choices };
    const name = await prompter.choice(question, flags.text('hook'));
    const plugin = { kind: 'hook', name } as const;
    const { config } = await askPlugin({
      plugins,
      prompter,
      plugin,
      jobName,
      answers: flags.texts('answer'),
    });
    return { name, config };
  });
}
