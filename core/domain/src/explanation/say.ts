import type { RunKey } from '../run/run.ts';
import { formatInstant } from '../schedule/format-instant.ts';

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
] as const;

/** A span of time by its two largest units: `3 h 12 min`, `4.2 s`. */
export function sayDuration(ms: number): string {
  if (ms < 60_000) return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
  const first = UNITS.findIndex(([, unit]) => ms >= unit);
  const [[name, unit] = ['min', 60_000], next] = UNITS.slice(first, first + 2);
  const whole = `${Math.floor(ms / unit)} ${name}`;
  const rest = next ? Math.floor((ms % unit) / next[1]) : 0;
  return next && rest > 0 ? `${whole} ${rest} ${next[0]}` : whole;
}

/** `1 run`, `2 runs`; `1,000 runs or more` where counting ended. */
export function sayCount(count: number, noun: string): string {
  const said = `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
  return count >= 1000 ? `${said} or more` : said;
}

/** A run by its job and tick, with the project when it is another than the one asked in. */
export function sayRun(run: RunKey, project: string): string {
  const job = run.project === project ? run.job : `${run.project}/${run.job}`;
  return `${job} at ${formatInstant(run.scheduledAt)}`;
}

/** The runs, as many as are shown, and how many there are besides. */
export function sayRuns(runs: readonly RunKey[], count: number, project: string): string {
  const named = runs.map((run) => sayRun(run, project)).join(', ');
  return count > runs.length ? `${named} and ${(count - runs.length).toLocaleString('en')} more` : named;
}
