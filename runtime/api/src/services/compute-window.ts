import { type ComputeWindow, OptimusError } from '@optimus/domain';
import type { core } from '@optimus/proto';
import { fromRequiredTimestamp, toTimestamp } from '../mapping/time-mapping.ts';

/** The window that a request describes; without a version it is one of version 1. @throws OptimusError `REQUEST_INVALID`, `WINDOW_INVALID` */
export function computeRequestedWindow(
  { computeWindow }: { readonly computeWindow: ComputeWindow },
  request: core.GetWindowRequest,
) {
  const scheduledAt = fromRequiredTimestamp(request.scheduledAt, 'scheduled_at');
  const version = request.version === 0 ? 1 : request.version;
  assertGiven(request, version < 3 ? ['size', 'offset', 'truncate_to'] : ['size']);
  const window = version < 3 ? toOlderWindow(request) : toCustomWindow(request);
  const task = { name: '', config: [], window };
  const { start, end } = computeWindow({ version, task }, scheduledAt);
  return { start: toTimestamp(start), end: toTimestamp(end) };
}

function assertGiven(
  { size, offset, truncateTo }: core.GetWindowRequest,
  fields: readonly ('size' | 'offset' | 'truncate_to')[],
): void {
  const values = { size, offset, truncate_to: truncateTo };
  const field = fields.find((name) => values[name] === '');
  if (field === undefined) return;
  throw new OptimusError('REQUEST_INVALID', { message: `${field} is missing`, fields: { field } });
}

/** With parts that only version 3 has, so that they are refused and not overlooked. */
function toOlderWindow({ size, offset, truncateTo, shiftBy, location }: core.GetWindowRequest) {
  return { size, offset, truncateTo, shiftBy, location };
}

/** Callers from before `shift_by` say with `offset` how far to move. */
function toCustomWindow({ size, offset, truncateTo, shiftBy, location }: core.GetWindowRequest) {
  const moved = shiftBy === '' && offset !== '0' ? offset : shiftBy;
  return { size, offset: '', truncateTo, shiftBy: moved, location };
}
