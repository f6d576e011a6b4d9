import { OptimusError } from './optimus-error.ts';

/** Throws `INVARIANT_BROKEN` when a condition that our own code guarantees does not hold: always a defect of ours. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new OptimusError('INVARIANT_BROKEN', { message });
}

/** The value, or `INVARIANT_BROKEN` when it is absent although our own code guarantees it. */
export function present<T>(value: T | null | undefined, what: string): T {
  invariant(value !== null && value !== undefined, `${what} is missing`);
  return value;
}
