import { DemoFailure } from './demo-failure.ts';

/** What one run counted. */
export interface NeoCounts {
  readonly tracked: number;
  readonly hazardous: number;
}

const logForm =
  /^for date range (\S+) - (\S+)\ntotal tracking: (?<tracked>\d+)\npotential hazardous: (?<hazardous>\d+)\n(?<objects>(?:Name: .+\nEstimated Diameter: [\d.]+ km\nRelative Velocity: [\d.]+ km\/h\n\n\n)*)$/;

/**
 * Reads the counts out of a task's log.
 * @throws DemoFailure when the log is not, to the byte, of the form that the task prints
 */
export function parseNeoLog(log: string): NeoCounts {
  const { tracked = '', hazardous = '', objects = '' } = logForm.exec(log)?.groups ?? {};
  const listed = objects.split('Name: ').length - 1;
  if (tracked === '' || listed !== Number(hazardous)) {
    throw new DemoFailure(`a task's log is not of the form that the task prints:\n${log}`);
  }
  return { tracked: Number(tracked), hazardous: Number(hazardous) };
}

/** The counts of several runs together. */
export function sumCounts(counts: readonly NeoCounts[]): NeoCounts {
  return {
    tracked: counts.reduce((sum, { tracked }) => sum + tracked, 0),
    hazardous: counts.reduce((sum, { hazardous }) => sum + hazardous, 0),
  };
}
