import { OptimusError, type Preset, type Presets, toPresetName, type WindowSpec } from '@optimus/domain';
import type { core } from '@optimus/proto';

/**
 * The window of a specification: its `window` when it has one, else the older fields. A name of a preset is read as people write it.
 * @throws OptimusError `SPEC_INVALID`
 */
export function fromWindow(message: core.JobSpecification): WindowSpec {
  const { window, windowOffset: offset } = message;
  if (!window) {
    const { windowSize: size, windowTruncateTo: truncateTo, windowPreset: preset } = message;
    return { size, offset, truncateTo, ...withParts({ preset: toPresetName(preset) }) };
  }
  const { size, truncateTo, shiftBy, location } = window;
  assertNoDelay(window.delay, 'window.delay');
  return {
    size,
    offset,
    truncateTo,
    ...withParts({ preset: toPresetName(window.preset), shiftBy, location }),
  };
}

/** The fields of a specification for its window; {@link fromWindow} makes the same one of them. */
export function toWindowFields(version: number, window: WindowSpec) {
  const { size, offset, truncateTo, preset = '', shiftBy = '', location = '' } = window;
  const isNew = [preset, shiftBy, location].some((part) => part !== '');
  const isCustom = version >= 3 && [size, truncateTo].some((part) => part !== '');
  if (!isNew && !isCustom) return { windowSize: size, windowOffset: offset, windowTruncateTo: truncateTo };
  // A client from before version 3 reads the older fields of older versions, whatever their preset.
  const older = version < 3 ? { windowSize: size, windowTruncateTo: truncateTo } : {};
  return { ...older, windowOffset: offset, window: { preset, size, shiftBy, location, truncateTo } };
}

/** Presets of a request. @throws OptimusError `SPEC_INVALID` */
export function fromPresets(
  messages: Readonly<Record<string, core.ProjectSpecification_ProjectPreset>>,
): Presets {
  return Object.fromEntries(Object.entries(messages).map(([name, message]) => [name, fromPreset(message)]));
}

/** Presets as the API answers them. */
export function toPresets(presets: Presets = {}) {
  return Object.fromEntries(
    Object.entries(presets).map(([name, { description, size, truncateTo, shiftBy = '', location = '' }]) => [
      name,
      { name, description, size, truncateTo, shiftBy, location },
    ]),
  );
}

function fromPreset(message: core.ProjectSpecification_ProjectPreset): Preset {
  const { name, description, size, truncateTo, offset, location } = message;
  assertNoDelay(message.delay, `presets.${name}.delay`);
  const shiftBy = message.shiftBy === '' ? offset : message.shiftBy;
  return { description, size, truncateTo, ...withParts({ shiftBy, location }) };
}

function assertNoDelay(delay: string, field: string): void {
  if (delay === '') return;
  throw new OptimusError('SPEC_INVALID', {
    message: `${field} is not read`,
    hint: 'move the window with shift_by: a delay of 1d is a shift_by of -1d',
  });
}

function withParts<T extends Readonly<Record<string, string>>>(parts: T): Partial<T> {
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== '')) as Partial<T>;
}
