import { confirm, password, select, text } from '@clack/prompts';
import { OptimusError } from '@optimus/domain';
import type { Terminal } from '../terminal/terminal.ts';
import type { Asker, ChoiceQuestion, TextQuestion } from './prompter.ts';

/** Asks the person at the terminal. Ctrl-C is `CANCELLED`. */
export function createTerminalAsker(terminal: Terminal): Asker {
  return {
    async text(question) {
      const answer = await (question.isSecret ? askSecret(question) : askText(question, terminal));
      return answer === '' ? (question.initial ?? '') : answer;
    },
    async choice(question) {
      const answer = await select(toSelect(question, terminal));
      assertAnswered(answer);
      return answer;
    },
    async confirm(message) {
      const answer = await confirm({ message, initialValue: false });
      assertAnswered(answer);
      return answer;
    },
  };
}

async function askText(question: TextQuestion, terminal: Terminal): Promise<string> {
  const { initial } = question;
  const answer = await text({
    message: toMessage(question, terminal),
    ...(initial === undefined ? {} : { placeholder: initial, defaultValue: initial }),
    validate: (typed) => findProblem(question, typed),
  });
  assertAnswered(answer);
  return answer;
}

async function askSecret(question: TextQuestion): Promise<string> {
  const answer = await password({
    message: question.message,
    validate: (typed) => findProblem(question, typed),
  });
  assertAnswered(answer);
  return answer;
}

/** What is wrong with what was typed; nothing typed means the initial answer. */
function findProblem(question: TextQuestion, typed: string | undefined) {
  return question.findProblem?.(typed || (question.initial ?? ''));
}

function toSelect(question: ChoiceQuestion, terminal: Terminal) {
  return {
    message: toMessage(question, terminal),
    options: question.choices.map((value) => ({ value, label: value })),
    ...(question.initial === undefined ? {} : { initialValue: question.initial }),
  };
}

function toMessage({ message, help }: TextQuestion | ChoiceQuestion, terminal: Terminal): string {
  return help === undefined || help === '' ? message : `${message} ${terminal.style('dim', `(${help})`)}`;
}

function assertAnswered(answer: string | boolean | symbol): asserts answer is string | boolean {
  if (typeof answer !== 'symbol') return;
  throw new OptimusError('CANCELLED', { message: 'cancelled; nothing is changed' });
}
