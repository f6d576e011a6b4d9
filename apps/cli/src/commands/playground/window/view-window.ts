import { toZonedText } from '@optimus/compiler';
import { formatInstant } from '@optimus/domain';
import type { ComputedRows } from './compute-rows.ts';
import { FIELDS, type Field, type WindowState } from './window-state.ts';

/** What a part of the screen is, for its colours. */
export interface ScreenLine {
  readonly text: string;
  readonly style?: 'bold' | 'dim' | 'red' | 'cyan';
}

const LABELS: Readonly<Record<Field, string>> = {
  version: 'version',
  size: 'size',
  shiftBy: 'shift_by',
  truncateTo: 'truncate_to',
  location: 'location',
  interval: 'interval',
  from: 'runs after',
};

const HELP = '↑ ↓ choose   ← → change   u unit   q quit';

/** The lines of the screen. Pure. */
export function viewWindow(state: WindowState, computed: ComputedRows): readonly ScreenLine[] {
  return [
    { text: 'What a run covers', style: 'bold' },
    { text: '' },
    ...FIELDS.map((field) => viewField(state, field)),
    { text: '' },
    ...viewRows(state, computed),
    { text: '' },
    { text: HELP, style: 'dim' },
  ];
}

function viewField(state: WindowState, field: Field): ScreenLine {
  const isSelected = state.selected === field;
  const label = field === 'shiftBy' && state.version < 3 ? 'offset' : LABELS[field];
  const text = `${isSelected ? '›' : ' '} ${label.padEnd(12)} ${toValue(state, field)}`;
  return isSelected ? { text, style: 'cyan' } : { text };
}

function toValue(state: WindowState, field: Field): string {
  const value = state[field];
  if (value instanceof Date) return formatInstant(value);
  if (value !== '') return String(value);
  if (field === 'location') return 'UTC';
  if (field === 'truncateTo') return state.version < 3 ? '(none)' : '(unit of the size)';
  return '(none)';
}

function viewRows({ location }: WindowState, computed: ComputedRows): readonly ScreenLine[] {
  if (!computed.ok) return [{ text: computed.problem, style: 'red' }];
  if (computed.rows.length === 0) return [{ text: 'the schedule has no runs after this time' }];
  const rows = computed.rows.map(({ scheduledAt, window }) => [
    formatInstant(scheduledAt),
    toZonedText(window.start, window.location),
    toZonedText(window.end, window.location),
  ]);
  const zone = location === '' ? '' : ` in ${location}`;
  const [head, ...lines] = align([['SCHEDULED AT', `START${zone}`, `END${zone}`], ...rows]);
  return [{ text: head ?? '', style: 'dim' }, ...lines.map((text) => ({ text }))];
}

function align(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
