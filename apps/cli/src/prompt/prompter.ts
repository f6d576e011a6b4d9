import { createMissingAnswerError, createUsageError } from '../command-line/usage-error.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** What is wrong with an answer, or undefined when it is accepted. */
export type FindProblem = (answer: string) => string | undefined | Promise<string | undefined>;

/** A question and the flag that answers it. */
export interface Question {
  /** Long name without the dashes. */
  readonly flag: string;
  /** What stands after the flag in the hint of a missing answer: `<email>`. */
  readonly valueHint: string;
  readonly message: string;
  readonly help?: string;
  /** Taken when nothing is typed, and when there is no terminal. */
  readonly initial?: string;
  /** Typed without being shown. */
  readonly isSecret?: boolean;
}

/** A question whose answer is typed. */
export interface TextQuestion extends Question {
  readonly findProblem?: FindProblem;
}

/** A question whose answer is one of a list. */
export interface ChoiceQuestion extends Question {
  readonly choices: readonly string[];
}

/** A yes-or-no question; the flag answers it with yes. */
export interface Confirmation {
  readonly flag: string;
  readonly message: string;
}

/** Puts a question to the person at the terminal. */
export interface Asker {
  text(question: TextQuestion): Promise<string>;
  choice(question: ChoiceQuestion): Promise<string>;
  confirm(message: string): Promise<boolean>;
}

/**
 * Answers questions: from the flag when it was given, else by asking when there is a terminal, else with the question's initial
 * answer. A question that none of these answers is an error that names the flag.
 */
export class Prompter {
  readonly #terminal: Terminal;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Whether a person can be asked. */
  get isInteractive(): boolean {
    return this.#terminal.isInteractive;
  }

  /** A typed answer. @throws a usage error */
  async text(question: TextQuestion, given?: string): Promise<string> {
    if (given === undefined && this.isInteractive) return (await this.#loadAsker()).text(question);
    const answer = given ?? question.initial;
    if (answer === undefined) throw missing(question);
    const problem = await question.findProblem?.(answer);
    if (problem !== undefined)
      throw createUsageError(question.flag, `is ${JSON.stringify(answer)}: ${problem}`);
    return answer;
  }

  /** One of the choices. @throws a usage error */
  async choice(question: ChoiceQuestion, given?: string): Promise<string> {
    if (given === undefined && this.isInteractive) return (await this.#loadAsker()).choice(question);
    const answer = given ?? question.initial;
    if (answer === undefined) throw missing({ ...question, valueHint: question.choices.join('|') });
    if (question.choices.includes(answer)) return answer;
    const choices = question.choices.join(', ');
    throw createUsageError(question.flag, `is ${JSON.stringify(answer)}, must be one of ${choices}`);
  }

  /** Whether to go on; without a terminal only the flag says yes. @throws a usage error */
  async confirm({ flag, message }: Confirmation, given: boolean): Promise<boolean> {
    if (given) return true;
    if (this.isInteractive) return (await this.#loadAsker()).confirm(message);
    throw createMissingAnswerError(flag, message, '');
  }

  async #loadAsker(): Promise<Asker> {
    const { createTerminalAsker } = await import('./terminal-asker.ts');
    return createTerminalAsker(this.#terminal);
  }
}

function missing({ flag, message, valueHint }: Question) {
  return createMissingAnswerError(flag, message, valueHint);
}
