import { constants } from 'node:os';
import type { AttemptOutcome } from '@optimus/domain';

/** How a container ended, in the engine's words. */
export interface ContainerEnd {
  readonly ExitCode: number;
  readonly OOMKilled: boolean;
}

/** An engine tells a death by signal as 128 + its number, and so do we: a task that exits with such a code itself looks the same. */
export function toOutcome({ ExitCode: code, OOMKilled }: ContainerEnd): AttemptOutcome {
  const signal = Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0];
  if (signal === undefined) return { kind: 'exited', exitCode: code };
  return OOMKilled ? { kind: 'signaled', signal, isOutOfMemory: true } : { kind: 'signaled', signal };
}
