import { OptimusError, toErrorMessage } from '../error/optimus-error.ts';
import type { WindowPreset } from '../job/job-spec.ts';
import type { ComputeWindow } from '../run/run-context.ts';

/** A window that the jobs of a project share under a name. */
export interface Preset extends WindowPreset {
  readonly description: string;
}

/** Presets by name; names are lower-case. */
export type Presets = Readonly<Record<string, Preset>>;

/** What a registration did to a project's presets; names, sorted. */
export interface PresetChange {
  readonly created: readonly string[];
  readonly changed: readonly string[];
  readonly deleted: readonly string[];
}

const PRESET_NAME = /^[a-z0-9][a-z0-9_.-]{0,62}$/;

/** The name that a reference means: `@Yesterday` is the preset `yesterday`. */
export function toPresetName(reference: string): string {
  return reference.trim().replace(/^@/, '').toLowerCase();
}

/** The name of a preset in lower case. @throws OptimusError `NAME_INVALID` */
export function parsePresetName(value: string): string {
  const name = toPresetName(value);
  if (PRESET_NAME.test(name)) return name;
  throw new OptimusError('NAME_INVALID', {
    message: `the preset name ${JSON.stringify(value)} must have 1 to 63 characters of a-z, 0-9, "_", "-" and ".", and begin with a letter or digit`,
    fields: { preset: value },
  });
}

/** What has to change for `before` to become `after`. Pure. */
export function planPresetChange(before: Presets, after: Presets): PresetChange {
  const names = Object.keys(after).sort();
  const isKnown = (name: string): boolean => Object.hasOwn(before, name);
  return {
    created: names.filter((name) => !isKnown(name)),
    changed: names.filter((name) => isKnown(name) && !isSame(before[name], after[name])),
    deleted: Object.keys(before)
      .filter((name) => !Object.hasOwn(after, name))
      .sort(),
  };
}

function isSame(one: Preset | undefined, other: Preset | undefined): boolean {
  return toText(one) === toText(other);
}

// A part that is absent and one that is empty mean the same.
function toText(preset: Preset | undefined): string {
  const { description = '', size = '', truncateTo = '', shiftBy = '', location = '' } = preset ?? {};
  return JSON.stringify([description, size, truncateTo, shiftBy, location]);
}

/** A deployed job and the preset that its window names. */
export interface PresetUse {
  readonly preset: string;
  readonly job: string;
}

/**
 * Presets as a client has them, checked: names in lower case, each window one that can be computed.
 * @throws OptimusError `NAME_INVALID`, `WINDOW_INVALID` naming the preset
 */
export function parsePresets(presets: Presets, computeWindow: ComputeWindow): Presets {
  const parsed = Object.entries(presets).map(([name, preset]): [string, Preset] => [
    parsePresetName(name),
    preset,
  ]);
  const names = parsed.map(([name]) => name);
  const repeated = names.find((name, index) => names.indexOf(name) < index);
  if (repeated !== undefined) {
    throw new OptimusError('NAME_INVALID', { message: `the preset "${repeated}" is given twice` });
  }
  for (const [name, preset] of parsed) assertWindow(name, preset, computeWindow);
  return Object.fromEntries(parsed);
}

function assertWindow(name: string, preset: Preset, computeWindow: ComputeWindow): void {
  const task = { name: '', config: [], window: { size: '', offset: '', truncateTo: '', preset: name } };
  try {
    computeWindow({ version: 3, task }, new Date('2024-02-29T12:34:56Z'), { presets: { [name]: preset } });
  } catch (cause) {
    throw new OptimusError('WINDOW_INVALID', {
      message: `preset "${name}": ${toErrorMessage(cause)}`,
      fields: { preset: name },
      cause,
    });
  }
}
