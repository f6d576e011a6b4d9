import { OptimusError, toErrorMessage } from '@optimus/domain';

/** Why a text does not parse, as one sentence; undefined when it does. */
export function findParseProblem(text: string, parse: (text: string) => unknown): string | undefined {
  try {
    parse(text);
    return undefined;
  } catch (thrown) {
    const hint = thrown instanceof OptimusError ? thrown.hint : undefined;
    return hint === undefined ? toErrorMessage(thrown) : `${toErrorMessage(thrown)}: ${hint}`;
  }
}
