import type { NamedValue, PluginAnswer, PluginCatalog, PluginKind, PluginQuestion } from '@optimus/domain';
import { createUsageError } from '../../../command-line/usage-error.ts';
import type { Prompter, TextQuestion } from '../../../prompt/prompter.ts';
import { GivenAnswers } from './given-answers.ts';

/** What a plugin makes of its author's answers. */
export interface PluginDefaults {
  readonly config: readonly NamedValue[];
  /** Of a task; a hook has none. */
  readonly assets: readonly NamedValue[];
}

/** Whom to ask, for which job, and what was answered by `--answer` already. */
export interface PluginContext {
  readonly plugins: PluginCatalog;
  readonly prompter: Prompter;
  readonly plugin: { readonly kind: PluginKind; readonly name: string };
  readonly jobName: string;
  /** `name=value` each. */
  readonly answers: readonly string[];
}

/** Puts the plugin's questions, has it check every answer, and asks it for configuration and assets. */
export async function askPlugin(context: PluginContext): Promise<PluginDefaults> {
  const { plugins, plugin, jobName } = context;
  const { kind, name } = plugin;
  const questions = await plugins.getQuestions(kind, name, jobName);
  const given = await GivenAnswers.read(context, questions);
  const answers = await askAll(context, questions, given);
  given.assertAllUsed();
  return {
    config: await plugins.getDefaultConfig(kind, name, answers),
    assets: kind === 'task' ? await plugins.getDefaultAssets(kind, name, answers) : [],
  };
}

async function askAll(
  context: PluginContext,
  questions: readonly PluginQuestion[],
  given: GivenAnswers,
): Promise<readonly PluginAnswer[]> {
  const answers: PluginAnswer[] = [];
  for (const question of questions) {
    const value = await askOne(context, question, given.take(question));
    const followUps = question.subQuestions.filter(({ ifValue }) => ifValue === value);
    answers.push({ question, value });
    for (const { questions: next } of followUps) answers.push(...(await askAll(context, next, given)));
  }
  return answers;
}

async function askOne(
  { plugins, prompter, plugin: { kind, name } }: PluginContext,
  question: PluginQuestion,
  given: string | undefined,
): Promise<string> {
  const findProblem = (value: string) => plugins.findAnswerProblem(kind, name, { question, value });
  const asked: TextQuestion = {
    flag: 'answer',
    valueHint: `'${question.name}=<value>'`,
    message: question.prompt,
    help: question.help,
    ...(question.default === '' ? {} : { initial: question.default }),
  };
  if (question.choices.length === 0 && given === undefined) return prompter.text({ ...asked, findProblem });
  const value =
    question.choices.length === 0
      ? await prompter.text(asked, given)
      : await prompter.choice({ ...asked, choices: question.choices }, given);
  const problem = await findProblem(value);
  if (problem === undefined) return value;
  throw createUsageError('answer', `'${question.name}=${value}': ${problem}`);
}
