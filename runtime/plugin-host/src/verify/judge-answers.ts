import type { NamedValue, PluginQuestion } from '@optimus/domain';

/** A question and those that follow from its answers, in the order in which they are asked. */
export function flattenQuestions(questions: readonly PluginQuestion[]): readonly PluginQuestion[] {
  return questions.flatMap((question) => [
    question,
    ...question.subQuestions.flatMap((sub) => flattenQuestions(sub.questions)),
  ]);
}

/** What is wrong with the questions of a plugin, or undefined. */
export function findQuestionsProblem(questions: readonly PluginQuestion[]): string | undefined {
  const all = flattenQuestions(questions);
  if (all.some(({ name }) => name === ''))
    return 'asks a question without a name, so that its answer has none';
  const twice = findAskedTwice(questions, new Set());
  if (twice !== undefined) return `asks two questions called "${twice}"`;
  return all.map(findQuestionProblem).find((problem) => problem !== undefined);
}

/** Of the follow-ups of one question only those of one answer are asked, so they may share names; `asked` is added to. */
function findAskedTwice(questions: readonly PluginQuestion[], asked: Set<string>): string | undefined {
  for (const { name, subQuestions } of questions) {
    if (asked.has(name)) return name;
    asked.add(name);
    const before = new Set(asked);
    for (const { questions: followUps } of subQuestions) {
      const inBranch = new Set(before);
      const twice = findAskedTwice(followUps, inBranch);
      if (twice !== undefined) return twice;
      for (const each of inBranch) asked.add(each);
    }
  }
  return undefined;
}

function findQuestionProblem({
  name,
  default: initial,
  choices,
  subQuestions,
}: PluginQuestion): string | undefined {
  const isChoice = (value: string) => choices.length === 0 || choices.includes(value);
  if (initial !== '' && !isChoice(initial))
    return `the default of "${name}", "${initial}", is none of its choices`;
  const repeated = findRepeated(choices);
  if (repeated !== undefined) return `"${name}" offers "${repeated}" twice`;
  for (const { ifValue, questions } of subQuestions) {
    if (ifValue === '' || !isChoice(ifValue))
      return `no answer to "${name}" can be "${ifValue}", which leads to more questions`;
    if (questions.length === 0) return `"${name}" leads to no question for "${ifValue}"`;
  }
  return undefined;
}

/** What is wrong with a configuration, or undefined. */
export function findConfigProblem(values: readonly NamedValue[]): string | undefined {
  const names = values.map(({ name }) => name);
  if (names.includes('')) return 'gives a value without a name';
  const twice = findRepeated(names);
  return twice === undefined ? undefined : `gives "${twice}" twice`;
}

/** What is wrong with assets, or undefined; they become files of the job's folder. */
export function findAssetsProblem(values: readonly NamedValue[]): string | undefined {
  const outside = values.find(
    ({ name }) => /^[/\\]|^[a-z]:|\0/i.test(name) || name.split(/[/\\]/).includes('..'),
  );
  return outside === undefined
    ? findConfigProblem(values)
    : `gives an asset that leads out of the job's folder: ${JSON.stringify(outside.name)}`;
}

function findRepeated(values: readonly string[]): string | undefined {
  return values.find((value, index) => values.indexOf(value) < index);
}
