import { isTerminal, RUN_STATES } from '@optimus/domain';

const OVER = RUN_STATES.filter(isTerminal)
  .map((state) => `'${state}'`)
  .join(', ');

/** SQL: whether a run in the state is over. */
export function toOverSql(state: string): string {
  return `${state} IN (${OVER})`;
}

/** SQL: whether a run in the state is not over; the condition of the index `run_unfinished`. */
export function toUnfinishedSql(state: string): string {
  return `${state} NOT IN (${OVER})`;
}

/** SQL: whether nobody waits for a run in the state. */
export function toMetSql(state: string): string {
  return `(${state} IN ('success', 'skipped'))`;
}
