import { constants } from 'node:os';
import type { AttemptOutcome } from '@optimus/domain';

/** How a container ended, in the engine's words. */
export interface ContainerEnd {
  readonly ExitCode: number;
  readonly OOMKilled: boolean;
}

/** When a container ran, in the engine's words: RFC 3339, of the year 1 for what has not happened. */
export interface ContainerTimes {
  readonly StartedAt: string;
  readonly FinishedAt: string;
}

/** An engine tells a death by signal as 128 + its number, and so do we: a task that exits with such a code itself looks the same. */
export function toOutcome({ ExitCode: code, OOMKilled }: ContainerEnd): AttemptOutcome {
  const signal = Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0];
  if (signal === undefined) return { kind: 'exited', exitCode: code };
  return OOMKilled ? { kind: 'signaled', signal, isOutOfMemory: true } : { kind: 'signaled', signal };
}

/** When a container ended; undefined when the engine does not know. An engine elsewhere has a clock of its own: its word counts up to now. */
export function toEndTime({ StartedAt, FinishedAt }: ContainerTimes, now: Date): Date | undefined {
  const finishedAt = toTime(FinishedAt);
  if (finishedAt === undefined) return undefined;
  return new Date(Math.min(Math.max(finishedAt, toTime(StartedAt) ?? finishedAt), now.getTime()));
}

/** Milliseconds since 1970; undefined for what has not happened, and for no time at all. */
function toTime(text: string): number | undefined {
  const time = Date.parse(text);
  return time > 0 ? time : undefined;
}
