import path from 'node:path';
import { present } from '@optimus/domain';
import type { Invocation } from '../../command-line/command-spec.ts';
import { createUsageError } from '../../command-line/usage-error.ts';
import { defaultImage, type NewPlugin } from '../../plugin-project/creation/new-plugin.ts';
import { scaffoldPlugin } from '../../plugin-project/creation/scaffold-plugin.ts';
import { findSdk } from '../../plugin-project/creation/sdk-source.ts';
import { findImageProblem } from '../../plugin-project/image-reference.ts';
import { findPluginNameProblem } from '../../plugin-project/plugin-name.ts';
import { PLUGIN_KINDS, PLUGIN_LANGUAGES } from '../../plugin-project/plugin-project.ts';
import { Prompter } from '../../prompt/prompter.ts';

/** `optimus plugin create`: asks for what is not said, then makes the folder; cancelled, it has made nothing. */
export async function run(invocation: Invocation): Promise<void> {
  const { flags, terminal } = invocation;
  const plugin = await askPlugin(invocation);
  const repository = path.resolve(terminal.cwd, flags.text('dir') ?? '.');
  const sdk = await findSdk(flags.text('sdk'), terminal.cwd);
  const { folder, kept } = await scaffoldPlugin(repository, { plugin, sdk });
  const shown = path.relative(terminal.cwd, folder);
  if (kept.length > 0) terminal.note(`left as they are: ${kept.join(', ')}`);
  terminal.print(`${plugin.kind} ${plugin.name} is in ${shown}`);
  terminal.note(`next: cd ${shown}, then ${NEXT[plugin.language]}`);
}

const NEXT = {
  typescript: '`npm install`, `npm test` and `optimus plugin build`',
  go: '`go test ./...` and `optimus plugin build`',
} as const;

async function askPlugin({ args, flags, terminal }: Invocation): Promise<NewPlugin> {
  const prompter = new Prompter(terminal);
  const name = await prompter.text(NAME, args[0] ?? flags.text('name'));
  const kind = await prompter.choice(KIND, flags.text('kind'));
  const language = await prompter.choice(LANGUAGE, flags.text('language'));
  const chosen = {
    name,
    kind: present(
      PLUGIN_KINDS.find((one) => one === kind),
      'the kind',
    ),
    language: present(
      PLUGIN_LANGUAGES.find((one) => one === language),
      'the language',
    ),
  };
  const image = flags.text('image') ?? defaultImage(chosen);
  const problem = findImageProblem(image);
  if (problem !== undefined) throw createUsageError('image', `is ${JSON.stringify(image)}: ${problem}`);
  return { ...chosen, image };
}

const NAME = {
  flag: 'name',
  valueHint: '<name>',
  message: 'What is the name of the plugin?',
  findProblem: findPluginNameProblem,
};

const KIND = {
  flag: 'kind',
  valueHint: '<kind>',
  message: 'Is it a task or a hook?',
  choices: PLUGIN_KINDS,
  initial: 'task',
};

const LANGUAGE = {
  flag: 'language',
  valueHint: '<language>',
  message: 'What is it written in?',
  choices: PLUGIN_LANGUAGES,
  initial: 'typescript',
};
