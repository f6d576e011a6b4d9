import type { WindowSpec } from '@optimus/domain';
import type { core } from '@optimus/proto';

/** The fields of a specification's message for its window: the older ones, unless it has parts or a version that these do not know. */
export function toWindowFields(version: number, window: WindowSpec) {
  const { size, offset, truncateTo, preset = '', shiftBy = '', location = '' } = window;
  const isNew = [preset, shiftBy, location].some((part) => part !== '');
  const isCustom = version >= 3 && [size, truncateTo].some((part) => part !== '');
  if (!isNew && !isCustom) return { windowSize: size, windowOffset: offset, windowTruncateTo: truncateTo };
  return { windowOffset: offset, window: { preset, size, shiftBy, location, truncateTo } };
}

/** The window of a specification's message. */
export function fromWindowFields(message: core.JobSpecification): WindowSpec {
  const { window, windowOffset: offset } = message;
  if (!window) return { size: message.windowSize, offset, truncateTo: message.windowTruncateTo };
  const { size, truncateTo, preset, shiftBy, location } = window;
  return {
    size,
    offset,
    truncateTo,
    ...(preset === '' ? {} : { preset }),
    ...(shiftBy === '' ? {} : { shiftBy }),
    ...(location === '' ? {} : { location }),
  };
}
