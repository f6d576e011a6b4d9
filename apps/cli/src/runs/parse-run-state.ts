import { RUN_STATES, toSuggestion } from '@optimus/domain';
import { createUsageError } from '../command-line/usage-error.ts';

/** A state of runs as `--state` gives it. @throws a usage error naming the state that was probably meant */
export function parseRunState(state: string): string {
  if (RUN_STATES.some((known) => known === state)) return state;
  const suggestion = toSuggestion(state, RUN_STATES);
  throw createUsageError(
    'state',
    `is ${JSON.stringify(state)}${suggestion}`,
    `states: ${RUN_STATES.join(', ')}`,
  );
}
