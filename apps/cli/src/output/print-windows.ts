import { toZonedText } from '@optimus/compiler';
import type { Interval } from '@optimus/domain';
import { formatInstant } from '@optimus/domain';
import type { Invocation } from '../command-line/command-spec.ts';
import { type Column, printListing } from './print-listing.ts';

/** A tick and the span of data that its run covers. */
export interface TickWindow {
  readonly scheduledAt: Date;
  readonly window: Interval;
}

/** Times in UTC, and by the clock of the window's zone when it has one. */
interface WindowRow {
  readonly scheduledAt: string;
  readonly start: string;
  readonly end: string;
  readonly location?: string;
  readonly localStart?: string;
  readonly localEnd?: string;
}

/** Prints ticks and their windows in the form of `--output`. */
export async function printWindows(
  invocation: Pick<Invocation, 'flags' | 'terminal'>,
  windows: readonly TickWindow[],
  whenEmpty: string,
): Promise<void> {
  const rows = windows.map(toRow);
  const location = rows.find((row) => row.location !== undefined)?.location;
  const columns = [...COLUMNS, ...(location === undefined ? [] : toZoneColumns(location))];
  await printListing(invocation, { rows, columns, whenEmpty });
}

const COLUMNS: readonly Column<WindowRow>[] = [
  { title: 'SCHEDULED AT', show: ({ scheduledAt }) => scheduledAt },
  { title: 'START', show: ({ start }) => start },
  { title: 'END', show: ({ end }) => end },
];

function toZoneColumns(location: string): readonly Column<WindowRow>[] {
  return [
    { title: `START IN ${location}`, show: ({ localStart = '' }) => localStart },
    { title: `END IN ${location}`, show: ({ localEnd = '' }) => localEnd },
  ];
}

function toRow({ scheduledAt, window: { start, end, location } }: TickWindow): WindowRow {
  const row = {
    scheduledAt: formatInstant(scheduledAt),
    start: formatInstant(start),
    end: formatInstant(end),
  };
  if (location === undefined) return row;
  const [localStart, localEnd] = [toZonedText(start, location), toZonedText(end, location)];
  return { ...row, location, localStart, localEnd };
}
