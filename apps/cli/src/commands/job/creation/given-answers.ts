import type { PluginCatalog, PluginKind, PluginQuestion } from '@optimus/domain';
import { toSuggestion } from '@optimus/domain';
import { createUsageError } from '../../../command-line/usage-error.ts';

interface AnswerContext {
  readonly plugins: PluginCatalog;
  readonly plugin: { readonly kind: PluginKind; readonly name: string };
  /** `name=value` each. */
  readonly answers: readonly string[];
}

/** The answers of `--answer`, by the question's name or by the configuration key that the answer becomes. */
export class GivenAnswers {
  readonly #values: ReadonlyMap<string, string>;
  /** Configuration key to the question whose answer it holds. */
  readonly #questionOfKey: ReadonlyMap<string, string>;
  readonly #names: readonly string[];
  readonly #used = new Set<string>();

  private constructor(
    values: ReadonlyMap<string, string>,
    questionOfKey: ReadonlyMap<string, string>,
    names: readonly string[],
  ) {
    this.#values = values;
    this.#questionOfKey = questionOfKey;
    this.#names = names;
  }

  /** Parses the flags. The plugin is asked for its keys only when a name is none of its questions'. @throws a usage error */
  static async read(context: AnswerContext, questions: readonly PluginQuestion[]): Promise<GivenAnswers> {
    const values = parseAnswers(context.answers);
    const names = listNames(questions);
    const isKnown = [...values.keys()].every((name) => names.includes(name));
    const keys = isKnown ? new Map<string, string>() : await findKeys(context, questions);
    return new GivenAnswers(values, keys, names);
  }

  /** The answer to a question, if it was given. */
  take({ name }: PluginQuestion): string | undefined {
    const given = [...this.#values.keys()].find(
      (key) => key === name || this.#questionOfKey.get(key) === name,
    );
    if (given === undefined) return undefined;
    this.#used.add(given);
    return this.#values.get(given);
  }

  /** @throws a usage error for an answer to a question that was not asked */
  assertAllUsed(): void {
    const unused = [...this.#values.keys()].find((name) => !this.#used.has(name));
    if (unused === undefined) return;
    const known = [...this.#names, ...this.#questionOfKey.keys()];
    const suggestion = toSuggestion(unused, known);
    const hint = known.length === 0 ? 'the plugin asks nothing' : `it asks for: ${known.join(', ')}`;
    throw createUsageError('answer', `"${unused}" is no question of the plugin${suggestion}`, hint);
  }
}

function parseAnswers(answers: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    answers.map((answer) => {
      const at = answer.indexOf('=');
      if (at > 0) return [answer.slice(0, at).trim(), answer.slice(at + 1)];
      throw createUsageError('answer', `is ${JSON.stringify(answer)}, must be name=value`);
    }),
  );
}

function listNames(questions: readonly PluginQuestion[]): readonly string[] {
  return questions.flatMap(({ name, subQuestions }) => [
    name,
    ...subQuestions.flatMap((sub) => listNames(sub.questions)),
  ]);
}

/** Which key holds which answer: each question is answered with a word of its own, and found again in the configuration. */
async function findKeys(
  { plugins, plugin: { kind, name: pluginName } }: AnswerContext,
  questions: readonly PluginQuestion[],
): Promise<ReadonlyMap<string, string>> {
  const marked = questions.map((question, index) => ({
    question,
    value: `answer-${index}-of-${pluginName}`,
  }));
  const config = await plugins.getDefaultConfig(kind, pluginName, marked).catch(() => []);
  return new Map(
    config.flatMap(({ name, value }) => {
      const source = marked.find((answer) => answer.value === value);
      return source ? [[name, source.question.name] as const] : [];
    }),
  );
}
