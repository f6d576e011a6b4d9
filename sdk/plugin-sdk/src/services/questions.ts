import type { MessageInitShape } from '@bufbuild/protobuf';
import type { PluginAnswer, PluginQuestion, PluginQuestionSchema } from '@optimus/proto/plugins';
import type { Entries, Question } from '../plugin.ts';

export function toPluginQuestion(question: Question): MessageInitShape<typeof PluginQuestionSchema> {
  return {
    name: question.name,
    prompt: question.prompt,
    help: question.help ?? '',
    default: question.default ?? '',
    multiselect: [...(question.multiselect ?? [])],
    subQuestions: (question.subQuestions ?? []).map(({ ifValue, questions }) => ({
      ifValue,
      questions: questions.map(toPluginQuestion),
    })),
  };
}

/** A host may leave the question out of an answer; it is then one without a name. */
export function fromPluginQuestion(question: PluginQuestion | undefined): Question {
  return {
    name: question?.name ?? '',
    prompt: question?.prompt ?? '',
    help: question?.help ?? '',
    default: question?.default ?? '',
    multiselect: question?.multiselect ?? [],
    subQuestions: (question?.subQuestions ?? []).map(({ ifValue, questions }) => ({
      ifValue,
      questions: questions.map(fromPluginQuestion),
    })),
  };
}

export function fromPluginAnswers(answers: ReadonlyArray<PluginAnswer>): Entries {
  return Object.freeze(
    Object.fromEntries(answers.map(({ question, value }) => [question?.name ?? '', value])),
  );
}
