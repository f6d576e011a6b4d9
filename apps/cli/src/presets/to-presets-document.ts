import type { Preset, Presets } from '@optimus/domain';

/** Presets in the form of their file; parts that are not given are left out. */
export function toPresetsDocument(presets: Presets): Readonly<Record<string, object>> {
  return Object.fromEntries(Object.entries(presets).map(([name, preset]) => [name, toDocument(preset)]));
}

function toDocument({ description, size, truncateTo, shiftBy = '', location = '' }: Preset) {
  const parts = { size, shift_by: shiftBy, truncate_to: truncateTo, location };
  return {
    description,
    window: Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== '')),
  };
}
