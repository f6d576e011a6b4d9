import { computeWindow } from '@optimus/compiler';
import { listNextTicks, OptimusError, toErrorMessage, type WindowSpec } from '@optimus/domain';
import type { TickWindow } from '../../../output/print-windows.ts';
import type { WindowState } from './window-state.ts';

/** The next runs of the state's schedule, or what is wrong and with which flag. */
export type ComputedRows =
  | { readonly ok: true; readonly rows: readonly TickWindow[] }
  | { readonly ok: false; readonly flag: string; readonly problem: string };

/** Computes what the next runs would cover. Pure. */
export function computeRows(state: WindowState): ComputedRows {
  const { version, interval, from, count } = state;
  const schedule = { startDate: '1970-01-01', interval };
  const task = { name: '', config: [], window: toWindowSpec(state) };
  try {
    const ticks = listNextTicks(schedule, from, count);
    const rows = ticks.map((scheduledAt) => ({
      scheduledAt,
      window: computeWindow({ version, task, schedule }, scheduledAt),
    }));
    return { ok: true, rows };
  } catch (thrown) {
    return { ok: false, flag: toFlag(thrown), problem: toErrorMessage(thrown) };
  }
}

function toWindowSpec({ version, size, shiftBy, truncateTo, location }: WindowState): WindowSpec {
  if (version < 3) return { size, offset: shiftBy, truncateTo, location };
  return { size, offset: '', truncateTo, shiftBy, location };
}

const FLAGS: Readonly<Record<string, string>> = {
  size: 'size',
  offset: 'shift-by',
  shift_by: 'shift-by',
  truncate_to: 'truncate-to',
  location: 'location',
};

function toFlag(thrown: unknown): string {
  if (!(thrown instanceof OptimusError)) return 'size';
  return FLAGS[String(thrown.fields['field'])] ?? 'interval';
}
