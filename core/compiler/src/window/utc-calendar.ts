const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The full hour at or before the instant. */
export function startOfHour(at: Date): Date {
  return floorTo(at, HOUR_MS);
}

/** Midnight UTC at or before the instant. */
export function startOfDay(at: Date): Date {
  return floorTo(at, DAY_MS);
}

/** Monday, midnight UTC, at or before the instant. */
export function startOfWeek(at: Date): Date {
  return addDays(startOfDay(at), -((at.getUTCDay() + 6) % 7));
}

/** The first of the month, midnight UTC, at or before the instant. */
export function startOfMonth(at: Date): Date {
  const start = startOfDay(at);
  start.setUTCDate(1);
  return start;
}

export function addDays(at: Date, days: number): Date {
  return addMs(at, days * DAY_MS);
}

export function addMs(at: Date, durationMs: number): Date {
  return new Date(at.getTime() + durationMs);
}

/** Calendar months as Go's `AddDate` counts them: a day the month does not have runs over, 31 March − 1 month is 3 March. */
export function addMonths(at: Date, months: number): Date {
  const moved = new Date(at);
  moved.setUTCMonth(moved.getUTCMonth() + months);
  return moved;
}

function floorTo(at: Date, unitMs: number): Date {
  return new Date(Math.floor(at.getTime() / unitMs) * unitMs);
}
