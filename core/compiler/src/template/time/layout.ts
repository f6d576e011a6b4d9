/** A piece of one of Go's layouts: a part of the time, written as Go's reference time has it, or text. */
export interface LayoutPiece {
  readonly kind: 'part' | 'text';
  readonly text: string;
}

// The longest form stands first; a month or day name followed by a small letter is text, as in "Monkey".
const PART =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|002|0[1-6]|15|1|2006|2|__2|_2(?!006)|[345]|PM|pm|[-Z](?:070000|07:00:00|0700|07:00|07)|[.,](?:0+|9+)(?!\d)/g;

/** Takes one of Go's layouts (`2006-01-02T15:04:05Z07:00`) apart. */
export function parseLayout(layout: string): readonly LayoutPiece[] {
  const pieces: LayoutPiece[] = [];
  let end = 0;
  for (const { 0: text, index } of layout.matchAll(PART)) {
    if (index > end) pieces.push({ kind: 'text', text: layout.slice(end, index) });
    pieces.push({ kind: 'part', text });
    end = index + text.length;
  }
  if (end < layout.length) pieces.push({ kind: 'text', text: layout.slice(end) });
  return pieces;
}

/** A part for fractions of a second: `.000` writes them all, `.999` as many as are not zero. */
export function isFraction(part: string): boolean {
  return /^[.,]/.test(part);
}

/** A part for the distance from UTC. */
export function isOffset(part: string): boolean {
  return /^[-Z]0/.test(part);
}

export const MONTHS: readonly string[] = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

export const WEEKDAYS: readonly string[] = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
];
