import { expect, it } from 'vitest';
import { isTerminal, RUN_STATES } from './run-state.ts';

it('ends a run in success, failed, skipped or canceled and nowhere else', () => {
  expect(RUN_STATES.filter(isTerminal)).toEqual(['success', 'failed', 'skipped', 'canceled']);
});
