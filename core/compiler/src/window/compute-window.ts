import {
  type ComputeWindow,
  type Interval,
  toSuggestion,
  type WindowPreset,
  type WindowSpec,
} from '@optimus/domain';
import { computeIncrementalWindow } from './incremental-window.ts';
import { windowFault } from './window-fault.ts';
import { computeWindowV1 } from './window-v1.ts';
import { computeWindowV2 } from './window-v2.ts';
import { computeWindowV3 } from './window-v3.ts';

/** What a window may depend on besides its specification. */
export interface WindowOptions {
  /** The project's named windows. */
  readonly presets?: Readonly<Record<string, WindowPreset>>;
}

type WindowedSpec = Parameters<ComputeWindow>[0];
type WindowRule = (spec: WindowedSpec, scheduledAt: Date) => Interval;

/** What a window means in each version of the specification language. */
const RULES: ReadonlyMap<number, WindowRule> = new Map<number, WindowRule>([
  [1, ({ task }, scheduledAt) => computeWindowV1(assertOld(task.window), scheduledAt)],
  [2, ({ task }, scheduledAt) => computeWindowV2(assertOld(task.window), scheduledAt)],
  [3, computeCustomWindow],
]);

/** The data window `[start, end)` of a tick: that of its preset, or its own by the rules of the specification's version. @throws OptimusError `WINDOW_INVALID` */
export function computeWindow(spec: WindowedSpec, scheduledAt: Date, options: WindowOptions = {}): Interval {
  const { preset } = spec.task.window;
  const rule = findRule(spec.version);
  const interval = preset
    ? computeWindowV3(findPreset(preset, options.presets ?? {}), scheduledAt)
    : rule(spec, scheduledAt);
  if (isPossible(interval)) return interval;
  const { window } = spec.task;
  throw windowFault({
    field: 'size',
    value: window.size,
    problem: `with offset ${JSON.stringify(window.shiftBy ?? window.offset)} leaves the calendar`,
    mend: 'choose a smaller size or offset',
  });
}

// Its own window, or none: then the time from tick to tick.
function computeCustomWindow(spec: WindowedSpec, scheduledAt: Date): Interval {
  const { window } = spec.task;
  if (isAbsent(window)) return computeIncrementalWindow(spec.schedule, scheduledAt);
  if (window.offset !== '' && window.offset !== '0') {
    throw windowFault({
      field: 'offset',
      value: window.offset,
      problem: 'has no meaning in version 3',
      mend: 'write shift_by instead',
    });
  }
  return computeWindowV3(window, scheduledAt);
}

function findPreset(name: string, presets: Readonly<Record<string, WindowPreset>>): WindowPreset {
  const preset = Object.hasOwn(presets, name) ? presets[name] : undefined;
  if (preset) return preset;
  throw windowFault({
    field: 'preset',
    value: name,
    problem: `is not one of the project's${toSuggestion(name, Object.keys(presets))}`,
    mend: 'name a preset of the project, or give the window its size',
  });
}

function isAbsent({ size, offset, truncateTo, shiftBy = '', location = '' }: WindowSpec): boolean {
  return [size, offset === '0' ? '' : offset, truncateTo, shiftBy, location].every((field) => field === '');
}

function assertOld(window: WindowSpec): WindowSpec {
  const field = (['shiftBy', 'location'] as const).find((name) => window[name]);
  if (field === undefined) return window;
  throw windowFault({
    field: field === 'shiftBy' ? 'shift_by' : field,
    value: window[field] ?? '',
    problem: 'has no meaning before version 3',
    mend: 'set the version of the specification to 3',
  });
}

function findRule(version: number): WindowRule {
  const rule = RULES.get(version);
  if (rule) return rule;
  throw windowFault({
    field: 'version',
    value: String(version),
    problem: 'has no window rules here',
    mend: `use specification version ${[...RULES.keys()].join(', ')}`,
  });
}

// RFC 3339, in which windows are handed on, ends with the year 9999.
function isPossible({ start, end }: Interval): boolean {
  return [start, end].every((at) => at.getUTCFullYear() >= 0 && at.getUTCFullYear() <= 9999);
}
